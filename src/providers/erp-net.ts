import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of ERP.net.
 *
 * Documented: scopes are `openid profile offline_access read update`, a list in access tokens; without `openid`, which
 * this package always asks for, there is no ID Token. Its pages refuse to be framed, so silent renewal is by refresh token, and a reload asks by
 * one visit of the whole page to the OP. Access tokens last an hour, ID Tokens five minutes and carry `auth_time`,
 * `amr`, `idp` and `sid`, no `acr`. A licence slot belongs to a `sid`, from its first API call until twenty minutes
 * after the last: signing in again with the same credentials keeps both, other credentials make new ones while other
 * apps keep theirs. There is no global sign-out. `prompt` is not passed on to other identity providers: give
 * `erpNet().localIdp` to the backend's policies. `sub` is the login name, which can change; key your data by the access
 * token's `id`.
 *
 * Documented in two ways: whether public clients get refresh tokens (without one, the person is asked when the access
 * token ends), and whether access tokens carry `auth_time` (without it, no API can judge freshness by them).
 *
 * Not documented, inferred: that a person can skip the login page by the return URL in its address, which has lost the
 * `prompt`. `auth_time` reveals it, and the backend denies the proof (`stale`).
 *
 * To set up at ERP.net: a trusted application with the callback page as redirect URI and post-logout redirect URI. The
 * issuer is `https://instance.my.erp.net/id`. An app with an explicit sign-in of its own gives the client the option
 * `prompt: 'login'`.
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
