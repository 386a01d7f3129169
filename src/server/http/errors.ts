import { AuthError, type RefusalCode } from '../../core/errors.ts'
import { type Answer, toResponse } from './answer.ts'

/** Why a request to the endpoint was not judged at all. */
export type RequestFault =
  | 'invalid_request'
  | 'unknown_action'
  | 'origin_not_allowed'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'temporarily_unavailable'
  | 'invalid_dpop_proof'
  | 'too_many_challenges'

/** Why an access token did not do, besides `invalid_request` and `temporarily_unavailable`. */
export type AccessTokenFault =
  | 'access_token_required'
  | 'invalid_token'
  | 'insufficient_user_authentication'
  | 'insufficient_scope'

/** Ends a request with an answer. Internal: the handler and `require` turn it into what callers see. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(
    status: number,
    error: RefusalCode | RequestFault | AccessTokenFault,
    options: RefusalOptions = {},
  ) {
    super(error, options)
    this.answer = {
      status,
      body: { status: status === 403 ? 'denied' : 'failed', error },
      headers: options.headers ?? {},
    }
  }
}

interface RefusalOptions extends ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>
}

export function denied(code: RefusalCode): Refusal {
  return new Refusal(403, code)
}

export function invalidRequest(options?: ErrorOptions): Refusal {
  return new Refusal(400, 'invalid_request', options)
}

/** @param retryAfter seconds until it may be worth asking again */
export function unavailable(cause: unknown, retryAfter = 5): Refusal {
  return new Refusal(503, 'temporarily_unavailable', {
    cause,
    headers: { 'Retry-After': String(retryAfter) },
  })
}

/** Why the grant a request carried could not be used, for the backend's log. The client is not told. */
export type GrantFailure =
  | 'grant_missing'
  | 'grant_invalid'
  | 'grant_expired'
  | 'action_mismatch'
  | 'subject_mismatch'
  | 'context_mismatch'
  | 'binding_mismatch'
  | 'already_used'

/** Why the login behind an access token, or what the token says of it, did not do. */
export type LoginFailure = 'auth_time_missing' | 'stale' | 'acr_unmet'

/**
 * The sensitive call must not go on. Answer the request with `toResponse()`:
 * - `step_up_required`: 401 with a new challenge; `reason` says why the grant, or the access token's login, would not do;
 * - `invalid_request`: 400, the context has no canonical JSON, or is missing where the policy demands one;
 * - `temporarily_unavailable`: 503, the store failed, so nothing was allowed; `cause` says how;
 * - `invalid_dpop_proof`: 401, the request's DPoP proof, or the token it is for, does not hold (RFC 9449 §7.1);
 * - `too_many_challenges`: 429, the call needs a step-up, and this browser has had `maxChallenges` already;
 * - only of `requireAccessToken`: `access_token_required` and `invalid_token` 401, `insufficient_scope` 403 (RFC 6750 §3).
 */
export class GuardError extends AuthError {
  readonly code:
    | 'step_up_required'
    | 'invalid_request'
    | 'temporarily_unavailable'
    | 'invalid_dpop_proof'
    | 'too_many_challenges'
    | Exclude<AccessTokenFault, 'insufficient_user_authentication'>
  /** Set when `code` is `step_up_required`. */
  readonly reason: GrantFailure | LoginFailure | undefined
  readonly #answer: Answer

  constructor(code: GuardError['code'], answer: Answer, options: GuardErrorOptions = {}) {
    super(`The freshness guard stopped this request: ${options.reason ?? code}`, options)
    this.code = code
    this.reason = options.reason
    this.#answer = answer
  }

  /** A new `Response` each time. */
  toResponse(): Response {
    return toResponse(this.#answer)
  }
}

interface GuardErrorOptions extends ErrorOptions {
  readonly reason?: GrantFailure | LoginFailure | undefined
}
