import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src/devtools/entries.ts'
import { filterRows, rowsOf } from '../../src/devtools/timeline-rows.ts'
import { began, logged, refused } from './samples.ts'

const place = { session: 'anonymous', detail: null, interactions: [] } as const
const entries: readonly Entry[] = [
  began(0, 'restore'),
  { at: 10, type: 'step', event: 'session.missing', from: place, to: place },
  ...logged(
    [20, { type: 'session.anonymous', reason: 'login_required' }],
    [30, { type: 'popup.opened' }],
    [40, { type: 'sign_in.failed', ...refused('invalid_scope', 'scope "nope" is unknown') }],
    [50, { type: 'renewal.failed', isFinal: false, code: 'network', message: 'not reached' }],
    [60, { type: 'prompt.answered', prompt: 'step_up', answer: 'cancel' }],
    [70, { type: 'proof.denied', action: 'payment.approve', reason: 'stale' }],
    [80, { type: 'trigger.fired', action: 'login.check', reason: 'networkChange' }],
  ),
  { at: 90, type: 'loaded' },
]

describe('the lines of the timeline', () => {
  const rows = rowsOf(entries)

  it('are what has happened, without the machine’s steps', () => {
    expect(rows.map(({ at, type }) => [at, type])).toEqual([
      [0, 'restore began'],
      [20, 'session.anonymous'],
      [30, 'popup.opened'],
      [40, 'sign_in.failed'],
      [50, 'renewal.failed'],
      [60, 'prompt.answered'],
      [70, 'proof.denied'],
      [80, 'trigger.fired'],
      [90, 'page loaded'],
    ])
  })

  it.each([
    ['session.anonymous', /no session in this browser/],
    ['sign_in.failed', /invalid_scope.*“scope "nope" is unknown”/],
    ['renewal.failed', /it is tried again/],
    ['prompt.answered', /^step_up: cancel$/],
    ['proof.denied', /^stale action payment.approve$/],
    ['trigger.fired', /^networkChange action login.check$/],
  ])('say for %s why', (type, details) => {
    expect(rows.find(row => row.type === type)?.details.join(' ')).toMatch(details)
  })
})

it('that no person is signed in has its cause for a reason, where there is one', () => {
  const [row] = rowsOf(
    logged({ type: 'session.anonymous', reason: 'failed', cause: refused('invalid_scope') }),
  )
  expect(row?.details).toEqual(['failed', expect.stringContaining('invalid_scope')])
})

describe('the filter leaves', () => {
  const typesFor = (text: string, kind: Parameters<typeof filterRows>[1]['kind'] = 'all'): string[] =>
    filterRows(rowsOf(entries), { text, kind }).map(({ type }) => type)

  it.each<[string, string[], () => string[]]>([
    ['what has the text in its type', ['popup.opened'], () => typesFor('POPUP')],
    ['what has it in its reason', ['sign_in.failed'], () => typesFor(' nope ')],
    ['what has it in its time', ['session.anonymous'], () => typesFor('search began')],
    ['one kind', ['popup.opened', 'page loaded'], () => typesFor('', 'window')],
    ['failures', ['sign_in.failed', 'renewal.failed', 'proof.denied'], () => typesFor('', 'failures')],
    ['what fits both', ['renewal.failed'], () => typesFor('reached', 'failures')],
    ['nothing where nothing fits', [], () => typesFor('nothing like it')],
  ])('%s', (_, types, found) => {
    expect(found()).toEqual(types)
  })
})
