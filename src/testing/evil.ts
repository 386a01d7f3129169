import type { RefusalCode } from '../core/errors.ts'
import type { IdTokenFault } from './id-token-faults.ts'

/**
 * What is wrong with an authorization response. `state`, `iss` (as in a mix-up attack): it is of another request, or of
 * another OP. `parameter_twice`: `code` comes twice. The others are the OP's own errors.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.6; RFC 6749 §4.1.2.1; RFC 9207 §2.4
 */
export type AuthorizationFault =
  | 'state'
  | 'state_missing'
  | 'iss'
  | 'iss_missing'
  | 'code_missing'
  | 'parameter_twice'
  | 'access_denied'
  | 'account_selection_required'
  | 'consent_required'
  | 'interaction_required'
  | 'invalid_request'
  | 'invalid_scope'
  | 'login_required'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'unauthorized_client'
  | 'unmet_authentication_requirements'

/**
 * What is wrong with an answer of the token endpoint. `token_type`: the token is of a type that nobody knows.
 * `unavailable`: a 503 without an OAuth error. `no_answer`: the connection breaks. The others are the OP's own errors.
 *
 * @see RFC 6749 §5.1, §5.2
 */
export type TokenFault =
  | 'access_token_missing'
  | 'token_type_missing'
  | 'token_type'
  | 'not_json'
  | 'unavailable'
  | 'no_answer'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_request'
  | 'invalid_scope'
  | 'unauthorized_client'

/**
 * How the freshness endpoint fails: the request is not judged. `not_json`: a proxy answers instead. `no_answer`: the
 * connection breaks.
 */
export type AnswerFault =
  | 'cross_site'
  | 'invalid_dpop_proof'
  | 'invalid_request'
  | 'method_not_allowed'
  | 'origin_not_allowed'
  | 'payload_too_large'
  | 'request_timeout'
  | 'temporarily_unavailable'
  | 'unknown_action'
  | 'unsupported_media_type'
  | 'not_json'
  | 'no_answer'

/** What can go wrong, and how. */
interface Faults {
  /** The ID Tokens of the token endpoint break a rule. */
  readonly idToken: IdTokenFault
  readonly authorization: AuthorizationFault
  readonly token: TokenFault
  /** The backend refuses a proof, and a question that it would have answered with a grant. */
  readonly refusal: RefusalCode
  readonly answer: AnswerFault
  /** `refused`: no grant holds, so a guarded call is answered with a 401 and a new challenge. */
  readonly grant: 'refused'
  /** The OP's keys. `other`: they are not those that its tokens are signed with. */
  readonly keys: 'other' | 'no_answer'
}

/**
 * One thing that goes wrong, such as `{ idToken: 'nonce' }`, `{ refusal: 'already_used' }` or
 * `{ answer: 'temporarily_unavailable' }`.
 */
export type Evil = {
  readonly [Kind in keyof Faults]: Pick<Faults, Kind> & {
    readonly [Other in Exclude<keyof Faults, Kind>]?: never
  }
}[keyof Faults]
