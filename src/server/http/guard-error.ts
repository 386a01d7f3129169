import { AuthError } from '../../core/errors.ts'
import { type Answer, toResponse } from './answer.ts'
import type { AccessTokenFault, CallFault } from './refusal.ts'

/** Why a request's grant could not be used. It is for the backend's log; the client is not told. */
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

/** Why the login behind an access token was not good enough. */
export type LoginFailure = 'auth_time_missing' | 'stale' | 'acr_unmet' | 'amr_unmet'

/**
 * The sensitive call must not go on. Answer the request with `toResponse()`. The `code` is one of these:
 *
 * - `step_up_required`: 401 with a new challenge. `reason` says why the grant, or the access token's login, was not
 *   accepted.
 * - `invalid_request`: 400. The context has no canonical JSON, or the logout token does not hold, or the
 *   `Authorization` header cannot be read.
 * - `cross_site`: 400. A page of another site calls without a usable grant, and the guard's cookie would not come back
 *   from there.
 * - `temporarily_unavailable`: 503. The store or the OP failed, so nothing was allowed. A failure of the store is in
 *   `cause`; a failure of the OP is told to `onError`.
 * - `invalid_dpop_proof`: 401. The request's DPoP proof does not hold (RFC 9449 §7.1).
 * - `invalid_token`: 401. The access token does not hold, or is bound to another key (RFC 6750 §3.1).
 * - `access_token_required` (401) and `insufficient_scope` (403): only `requireAccessToken` throws these (RFC 6750 §3).
 */
export class GuardError extends AuthError {
  override readonly name = 'GuardError'
  /** Why the call must not go on. It also decides the answer: see the list above. */
  readonly code:
    | 'step_up_required'
    | CallFault
    | Exclude<AccessTokenFault, 'insufficient_user_authentication'>
  /** Why the grant or the login was not accepted. Set only if `code` is `step_up_required`. */
  readonly reason: GrantFailure | LoginFailure | undefined
  /**
   * Which claim or option does not fit, for the backend's log. Set if `code` is `invalid_token`, and for a logout
   * token. It may quote claims, as far as they can be shown, and never the token. The client is told which claim it is,
   * without its value.
   */
  readonly detail: string | undefined
  readonly #answer: Answer

  /**
   * The guards make these errors. An app has no need to.
   *
   * @param code why the call must not go on
   * @param answer the answer that `toResponse` makes
   * @param options `reason`, `detail` and `cause`
   */
  constructor(code: GuardError['code'], answer: Answer, options: GuardErrorOptions = {}) {
    const { reason, detail } = options
    const what = detail === undefined ? code : `${code}: ${detail}`
    super(`The guard stopped this request: ${reason ?? what}`, options)
    this.code = code
    this.reason = reason
    this.detail = detail
    this.#answer = answer
  }

  /** Makes the answer to send. Each call makes a new `Response`. */
  toResponse(): Response {
    return toResponse(this.#answer)
  }
}

interface GuardErrorOptions extends ErrorOptions {
  readonly reason?: GrantFailure | LoginFailure | undefined
  readonly detail?: string | undefined
}
