import { expect, it } from 'vitest'
import type { AuthLogEvent } from '../../src/client/log-events.ts'
import { stepUpsOf, stepUpText } from '../../src/devtools/step-ups.ts'
import { logged, windowClosed } from './samples.ts'

const action = 'payment.approve'
const asked: AuthLogEvent = { type: 'freshness.asked', action }
const granted: AuthLogEvent = { type: 'freshness.granted', action }
const used: AuthLogEvent = { type: 'grant.used', action }
const failed: AuthLogEvent = { type: 'step_up.failed', action, ...windowClosed }

it.each<[string, AuthLogEvent[], string[]]>([
  ['open', [asked, { type: 'freshness.challenged', action }], ['challenged']],
  [
    'refused, and not over yet',
    [asked, { type: 'proof.denied', action, reason: 'stale' }],
    ['the proof was refused'],
  ],
  ['used', [asked, granted, used], ['granted and used after 2.0 s']],
  ['failed', [asked, failed], ['failed after 1.0 s']],
  ['the newest first', [asked, failed, asked], ['the backend is asked', 'failed after 1.0 s']],
  [
    'a grant that was given before',
    [asked, granted, asked, granted, used],
    ['granted and used after 2.0 s', 'granted after 1.0 s'],
  ],
  ['without an action', [{ type: 'freshness.granted' }], ['granted after 0 ms']],
  ['nothing else', [{ type: 'popup.opened' }], []],
])('step-ups: %s', (_, events, lines) => {
  expect(stepUpsOf(logged(...events)).map(stepUpText)).toEqual(lines)
})

it('a step-up that failed says why', () => {
  expect(stepUpsOf(logged(asked, failed))[0]?.reason).toMatch(/window was closed/)
})

it('two actions are two step-ups', () => {
  const events = logged(asked, { type: 'freshness.asked', action: 'email.change' }, granted)
  expect(stepUpsOf(events).map(line => [line.action, line.status])).toEqual([
    ['email.change', 'the backend is asked'],
    [action, 'granted'],
  ])
})
