/**
 * What an authorization request is for: `sign_in` also where the session has ended, `restore` and `renewal` without the
 * person (`prompt=none`), `switch_account` for another person.
 */
export type RequestKind = 'sign_in' | 'sign_up' | 'switch_account' | 'restore' | 'renewal' | 'step_up'

/**
 * What else goes into authorization requests, by its names on the wire: the same for all of them, or by what a request
 * is for. None may be one of the protocol's own, such as `scope`, `prompt` or `nonce`. `claims` may be given as JSON: what
 * this package asks for is added to it (OpenID Connect Core 1.0 §5.5). A function must answer at once. With `resource`,
 * the parameter that names the API comes from there.
 */
export type AuthorizationParams =
  | Readonly<Record<string, string>>
  | ((kind: RequestKind) => Readonly<Record<string, string>>)
