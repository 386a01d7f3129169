import type { Answer } from './answer.ts'
import type { GrantFailure, LoginFailure } from './guard-error.ts'
import { Refusal } from './refusal.ts'

/** Ends a sensitive call whose grant is missing or cannot be used: the answer is a 401 with a new challenge. */
export class GrantRefusal extends Refusal<'step_up_required'> {
  readonly reason: GrantFailure
  /** What the new challenge is about. */
  readonly challenge: { readonly action: string; readonly sub: string; readonly jti: string }

  constructor(reason: GrantFailure, answer: Answer, challenge: GrantRefusal['challenge']) {
    super('step_up_required', answer)
    this.reason = reason
    this.challenge = challenge
  }
}

/** Ends a call whose access token is good, while the login behind it is not good enough. */
export class LoginRefusal extends Refusal<'step_up_required'> {
  readonly reason: LoginFailure

  constructor(reason: LoginFailure, answer: Answer) {
    super('step_up_required', answer)
    this.reason = reason
  }
}
