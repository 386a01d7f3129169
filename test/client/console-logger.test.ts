import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest'
import { createConsoleLogger } from '../../src/client/console-logger.ts'
import type { AuthLogEvent, Failure } from '../../src/client/log-events.ts'

let warn: MockInstance<typeof console.warn>
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => void vi.restoreAllMocks())

const missing: Failure = { code: 'configuration_invalid', message: 'There is no page at `callbackUrl`.' }
const scope: Failure = {
  code: 'authorization_failed',
  message: 'The OpenID Provider answered with the error invalid_scope',
  error: 'invalid_scope',
  error_description: 'Unknown scope: payments',
}
const cancelled: Failure = {
  code: 'interaction_cancelled',
  message: 'The interaction ended: window_closed',
  reason: 'window_closed',
}

it.each<[AuthLogEvent, RegExp]>([
  [
    { type: 'session.anonymous', reason: 'failed', cause: missing },
    /^afresh: It could not .*`callbackUrl`\.$/,
  ],
  [
    { type: 'sign_in.failed', ...scope },
    /^afresh: A sign-in .*invalid_scope\. .*“openid payments”.*Unknown scope: payments/,
  ],
  [{ type: 'interaction.failed', ...missing }, /^afresh: A visit /],
  [{ type: 'renewal.failed', isFinal: true, ...missing }, /^afresh: There are no new tokens/],
  [{ type: 'step_up.failed', action: 'payment.approve', ...missing }, /^afresh: A step-up /],
  [{ type: 'sign_out.failed', ...missing }, /^afresh: A sign-out /],
  [{ type: 'userinfo.failed', ...missing }, /^afresh: .*userinfo/],
  [{ type: 'revocation.failed', ...missing }, /^afresh: .*revoked/],
])('the line of $0.type says what failed and why, and the event is beside it', (event, line) => {
  createConsoleLogger('openid payments')(event)
  expect(warn.mock.calls).toEqual([[expect.stringMatching(line), event]])
})

it.each<AuthLogEvent>([
  { type: 'session.anonymous', reason: 'login_required' },
  { type: 'session.restored' },
  { type: 'interaction.failed', ...cancelled },
])('there is no line for $type, where nothing failed or a person chose it', event => {
  createConsoleLogger('openid payments')(event)
  expect(warn).not.toHaveBeenCalled()
})

it('of two events with one cause, the first has the line', () => {
  const log = createConsoleLogger('openid payments')
  log({ type: 'interaction.failed', ...scope })
  log({ type: 'sign_in.failed', ...scope, error_description: 'at 12:01' })
  expect(warn).toHaveBeenCalledTimes(1)
})
