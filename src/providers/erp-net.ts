import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of ERP.net.
 *
 * To set up at ERP.net:
 *
 * 1. Make a trusted application, with the callback page as redirect URI and post-logout redirect URI.
 * 2. Add the scopes that your app needs to the client's `scope`: `read`, `update`.
 * 3. Before people switch to another account, tell them that this takes a second licence slot.
 * 4. For an app that always forces a login, give the client the option `prompt: 'login'`.
 * 5. Take the issuer `https://instance.my.erp.net/id`.
 *
 * Documented:
 *
 * - The scopes are `openid profile offline_access read update`. Access tokens have them as a list. Without `openid`,
 *   which this package always asks for, there is no ID Token.
 * - Its pages refuse to be framed. So silent renewal uses the refresh token, and after a reload the whole page visits
 *   the provider once.
 * - Access tokens last an hour. ID Tokens last five minutes. They carry `auth_time`, `amr`, `idp` and `sid`, but no
 *   `acr`.
 * - A licence slot belongs to a `sid`, from its first API call until twenty minutes after the last. Signing in again
 *   with the same credentials keeps `sid` and slot. Other credentials make a new `sid` and slot, while other apps keep
 *   theirs.
 * - There is no global sign-out.
 * - `prompt` is not passed on to other identity providers. `idp` is `local` for a login at ERP.net itself: give the
 *   policies `localIdp: true`.
 * - `sub` is the login name, which can change. Key your data by the access token's `id`.
 *
 * Documented in two ways:
 *
 * - Whether public clients get refresh tokens. Without one, the person is asked when the access token expires.
 * - Whether access tokens carry `auth_time`. Without it, an API cannot tell from them how fresh the login is.
 *
 * Not documented, inferred:
 *
 * - That a person can skip the login page by the return URL in its address, because that URL no longer has the
 *   `prompt`. `auth_time` reveals it, and the backend denies the proof (`stale`).
 *
 * @see ERP.net's developer documentation, "Domain API" authentication and "Identity"
 */
export function erpNet(): ProviderProfile {
  return {
    name: 'ERP.net',
    scope: 'openid profile offline_access',
    iframe: false,
    authTime: 'always',
    acrClaim: 'none',
    accountSelection: 'login',
    localIdp: ({ idp }) => idp === 'local',
  }
}
