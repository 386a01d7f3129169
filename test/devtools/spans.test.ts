import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src/devtools/entries.ts'
import { spansOf } from '../../src/devtools/spans.ts'
import { began, logged } from './samples.ts'

const spansAt = (entries: readonly Entry[]): (readonly string[])[] => spansOf(entries)

const pay = 'payment.approve'
const step = { session: 'anonymous', detail: null, interactions: [] } as const

describe('the time that it took stands where it ends', () => {
  it.each<[string, readonly Entry[], readonly string[]]>([
    [
      'from the question to the grant, and from the proof',
      logged(
        [0, { type: 'freshness.asked', action: pay }],
        [200, { type: 'freshness.challenged', action: pay }],
        [5000, { type: 'proof.sent', action: pay }],
        [5040, { type: 'freshness.granted', action: pay }],
      ),
      ['40 ms after the proof was sent', '5.0 s after the backend was asked'],
    ],
    [
      'from one window to its end',
      logged([0, { type: 'popup.opened' }], [3100, { type: 'popup.closed' }]),
      ['3.1 s after the window opened'],
    ],
    [
      'of a renewal',
      [began(0, 'renewal'), ...logged([320, { type: 'session.renewed' }])],
      ['320 ms after the renewal began'],
    ],
    [
      'of the search for a session',
      [began(0, 'restore'), ...logged([900, { type: 'session.anonymous', reason: 'login_required' }])],
      ['900 ms after the search began'],
    ],
    [
      'from a question to the person to the answer',
      logged(
        [0, { type: 'prompt.shown', prompt: 'step_up' }],
        [700, { type: 'prompt.answered', prompt: 'step_up', answer: 'continue' }],
      ),
      ['700 ms after the question'],
    ],
    [
      'over a redirect',
      [
        ...logged([0, { type: 'redirect.started' }]),
        { at: 4000, type: 'loaded' },
        ...logged([4500, { type: 'redirect.returned' }]),
      ],
      ['4.5 s after the page left'],
    ],
    [
      'with the machine’s steps in between',
      [
        ...logged([0, { type: 'popup.opened' }]),
        { at: 5, type: 'step', event: 'visit.answered', from: step, to: step },
        ...logged([10, { type: 'session.signed_in' }]),
      ],
      ['10 ms after the window opened'],
    ],
  ])('%s', (_, entries, spans) => {
    expect(spansAt(entries).at(-1)).toEqual(spans)
  })
})

describe('nothing is measured', () => {
  it.each<[string, readonly Entry[]]>([
    [
      'from another action',
      logged({ type: 'freshness.asked', action: pay }, { type: 'freshness.granted', action: 'email.change' }),
    ],
    [
      'from what had an end before',
      logged({ type: 'popup.opened' }, { type: 'popup.closed' }, { type: 'popup.closed' }),
    ],
    [
      'from a search that found a session, to the person’s sign-out',
      [
        began(0, 'restore'),
        ...logged({ type: 'session.restored' }, { type: 'session.anonymous', reason: 'idle' }),
      ],
    ],
    ['where it began before what is kept', logged({ type: 'session.renewed' })],
  ])('%s', (_, entries) => {
    expect(spansAt(entries).at(-1)).toEqual([])
  })
})
