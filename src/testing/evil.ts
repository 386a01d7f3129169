import type { RefusalCode } from '../core/errors.ts'
import type { IdTokenFault } from './id-token-faults.ts'

/**
 * What is wrong with an authorization response.
 *
 * - `state`, `iss`: it belongs to another request, or to another OP (as in a mix-up attack).
 * - `state_missing`, `iss_missing`, `code_missing`: it lacks this parameter.
 * - `parameter_twice`: it has `code` twice.
 * - All others are OAuth and OpenID Connect errors, which the OP answers with.
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
 * What is wrong with an answer of the token endpoint.
 *
 * - `access_token_missing`, `token_type_missing`: the answer lacks this member.
 * - `token_type`: the token has a type that nobody knows.
 * - `not_json`: a proxy answers instead.
 * - `unavailable`: a 503 without an OAuth error.
 * - `no_answer`: the connection breaks.
 * - All others are OAuth errors, which the OP answers with.
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
 * How the freshness endpoint fails before it judges a request. `not_json`: a proxy answers instead. `no_answer`: the
 * connection breaks. All others are errors that the endpoint answers with.
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
 * One thing that goes wrong: an object with one of these members, such as `{ idToken: 'nonce' }`.
 *
 * - `idToken`: the ID Tokens of the token endpoint break this rule.
 * - `authorization`: the OP's authorization responses have this fault.
 * - `token`: the token endpoint's answers have this fault.
 * - `refusal`: the backend refuses each proof with this code, and each Ask that it would have granted.
 * - `answer`: the freshness endpoint fails like this.
 * - `grant`: `'refused'`: no grant holds, so a guarded call is answered with a 401 and a new challenge.
 * - `keys`: the OP's keys: `'other'` than those that sign its tokens, or `'no_answer'`.
 */
export type Evil = {
  readonly [Kind in keyof Faults]: Pick<Faults, Kind> & {
    readonly [Other in Exclude<keyof Faults, Kind>]?: never
  }
}[keyof Faults]
