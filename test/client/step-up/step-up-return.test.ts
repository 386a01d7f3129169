import { describe, expect, it } from 'vitest'
import type { ClientContext } from '../../../src/client/context.ts'
import { resumeCarriedStepUp } from '../../../src/client/step-up/step-up-return.ts'
import {
  AccountMismatchError,
  type AuthError,
  AuthorizationResponseError,
  AuthTimeoutError,
  ConfigurationError,
  IdTokenError,
  InteractionCancelledError,
  InteractionRequiredError,
  NetworkError,
  PopupBlockedError,
  StepUpDeniedError,
  StepUpUnmetError,
} from '../../../src/core/errors.ts'
import type { ResumedStepUp } from '../../../src/core/machine/state.ts'
import type { TokenSet } from '../../../src/core/tokens.ts'

const josh = { iss: 'https://op.example', sub: 'josh' }
const purpose = {
  kind: 'step_up',
  action: 'payment.approve',
  expected: josh,
  asked: { by: 'guard', challenge: 'c', expiresIn: 600 },
  input: { amount: '250.00' },
  idempotencyKey: 'k',
} as const

/** What the page knows of the step-up after the second redirect, which brings back that person. */
function comeBack(
  sub: string,
  error: AuthError | null,
  more: { readonly key?: string } = {},
): ResumedStepUp | null {
  let resumed: ResumedStepUp | null = null
  const machine = {
    dispatch: (event: { type: string; resumed: ResumedStepUp }) => {
      if (event.type === 'step_up.resumed') resumed = event.resumed
    },
    store: { subscribe: () => () => {} },
  }
  const kept = JSON.parse(JSON.stringify({ purpose: { ...purpose, ...more }, error: error && { ...error } }))
  const tokens = { account: { ...josh, sub } } as TokenSet
  resumeCarriedStepUp({ machine } as unknown as ClientContext, kept, tokens)
  return resumed
}

describe('a step-up that came back without a session', () => {
  it.each<[AuthError]>([
    [new AuthorizationResponseError('access_denied', { error: 'access_denied', error_reason: 'because' })],
    [new InteractionRequiredError('login_required')],
    [new StepUpUnmetError('unmet_authentication_requirements')],
    [new IdTokenError('nonce', 'mismatch')],
    [new IdTokenError('aud', 'untrusted', null, 'project')],
    [new StepUpDeniedError('challenge_expired')],
    [new AuthTimeoutError('late')],
    [new NetworkError('gone')],
    [new ConfigurationError('no such endpoint')],
    [new AccountMismatchError('another')],
    [new InteractionCancelledError('window_closed')],
    [new PopupBlockedError('blocked')],
  ])('keeps its error after the second redirect: %s', error => {
    const { action, input, idempotencyKey } = purpose
    const resumed = comeBack('josh', error)
    expect(resumed).toMatchObject({ action, input, idempotencyKey })
    expect(resumed?.error).toBeInstanceOf(error.constructor)
    expect({ ...resumed?.error }).toEqual({ ...error })
  })

  it('has a NetworkError, which is not final, where a later version kept an error of another kind', () => {
    const error = Object.assign(new NetworkError('new'), { code: 'client_outdated' })
    expect(comeBack('josh', error)?.error).toMatchObject({ code: 'network' })
  })

  it('is offered again when only its login was wrong', () => {
    expect(comeBack('josh', null)).toMatchObject({ action: 'payment.approve', error: null })
  })

  it('keeps the key of the caller that it is for, and has none where it had none', () => {
    expect(comeBack('josh', null, { key: 'p1' })).toMatchObject({ key: 'p1' })
    expect(comeBack('josh', null)).not.toHaveProperty('key')
  })

  it('is not offered to another person', () => {
    expect(comeBack('jane', null)).toBeNull()
    expect(comeBack('jane', new StepUpDeniedError('challenge_expired'))).toBeNull()
  })
})
