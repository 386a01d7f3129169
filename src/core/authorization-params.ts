/**
 * What an authorization request is for:
 *
 * - `sign_in`: a sign-in, also after the session has ended.
 * - `sign_up`: a new account.
 * - `switch_account`: another person signs in.
 * - `restore` and `renewal`: the session is found or renewed without the person (`prompt=none`).
 * - `step_up`: the backend or an API asks for a newer or stronger login.
 */
export type RequestKind = 'sign_in' | 'sign_up' | 'switch_account' | 'restore' | 'renewal' | 'step_up'

/**
 * More parameters for authorization requests, by their names on the wire. An object goes into all requests. A function
 * gets the kind of each request, and must return the parameters at once (no promise). Every value is text.
 *
 * One of the protocol's own parameters, such as `scope`, `prompt` or `nonce`, is a `ConfigurationError`. `claims` may
 * be given as JSON; what this package asks for is added to it (OpenID Connect Core 1.0 §5.5). With the option
 * `resource`, the parameter that names the API comes from that option.
 */
export type AuthorizationParams =
  | Readonly<Record<string, string>>
  | ((kind: RequestKind) => Readonly<Record<string, string>>)
