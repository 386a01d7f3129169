import { AuthError } from '../../core/errors.ts'
import { type Answer, toResponse } from './answer.ts'
import type { AccessTokenFault, CallFault } from './refusal.ts'

/** Why the grant a request carried could not be used, for the backend's log. The client is not told. */
export type GrantFailure =
  | 'grant_missing'
  | 'grant_invalid'
  | 'grant_expired'
  | 'action_mismatch'
  | 'subject_mismatch'
  | 'context_mismatch'
  | 'policy_changed'
  | 'binding_mismatch'
  | 'already_used'

/** Why the login behind an access token, or what the token says of it, was not good enough. */
export type LoginFailure = 'auth_time_missing' | 'stale' | 'acr_unmet' | 'amr_unmet'

/**
 * The sensitive call must not go on. Answer the request with `toResponse()`:
 * - `step_up_required`: 401 with a new challenge; `reason` says why the grant, or the access token's login, was not
 *   accepted;
 * - `invalid_request`: 400, the context has no canonical JSON, or the logout token does not hold;
 * - `cross_site`: 400, a page of another site calls without a grant, and our cookie would not come back from there;
 * - `temporarily_unavailable`: 503, the store or the OP failed, so nothing was allowed; `cause` is the store's failure,
 *   while the OP's goes to `onError`;
 * - `invalid_dpop_proof`: 401, the request's DPoP proof does not hold (RFC 9449 §7.1);
 * - `invalid_token`: 401, the access token does not hold, or is bound to another key (RFC 6750 §3.1);
 * - only of `requireAccessToken`: `access_token_required` 401 and `insufficient_scope` 403 (RFC 6750 §3).
 */
export class GuardError extends AuthError {
  override readonly name = 'GuardError'
  /** Why the call must not go on, which also decides the answer: see the list above. */
  readonly code:
    | 'step_up_required'
    | CallFault
    | Exclude<AccessTokenFault, 'insufficient_user_authentication'>
  /** Set when `code` is `step_up_required`. */
  readonly reason: GrantFailure | LoginFailure | undefined
  /**
   * Set when `code` is `invalid_token`, and for a logout token: which claim or option does not fit, for the backend's
   * log. It quotes claims, as far as they can be shown, and never the token. The client is told which claim, without its
   * value.
   */
  readonly detail: string | undefined
  readonly #answer: Answer

  constructor(code: GuardError['code'], answer: Answer, options: GuardErrorOptions = {}) {
    const { reason, detail } = options
    const what = detail === undefined ? code : `${code}: ${detail}`
    super(`The guard stopped this request: ${reason ?? what}`, options)
    this.code = code
    this.reason = reason
    this.detail = detail
    this.#answer = answer
  }

  /** The answer to send: a new `Response` each time. */
  toResponse(): Response {
    return toResponse(this.#answer)
  }
}

interface GuardErrorOptions extends ErrorOptions {
  readonly reason?: GrantFailure | LoginFailure | undefined
  readonly detail?: string | undefined
}
