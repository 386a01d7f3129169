import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Duende IdentityServer, and of IdentityServer4.
 *
 * To set up at IdentityServer:
 *
 * 1. Make a client with the grant authorization code, PKCE and no secret.
 * 2. Set `AllowOfflineAccess`.
 * 3. Enter the callback page as redirect URI and post-logout redirect URI, and the app's origin in
 *    `AllowedCorsOrigins`.
 * 4. For policies with `acrValues`, let your login page add the claim `acr`.
 *
 * Documented:
 *
 * - `prompt` takes `none` and `login`, and `create` where an account page is set up. Discovery says so, and lists
 *   `select_account`, which shows the login page like `login`.
 * - `max_age` is honoured, except that `max_age=0` shows the login page for ever in IdentityServer4 and in Duende
 *   7.0.4. So it is not sent.
 * - The `prompt` is taken out of the address before the login page, so a person can skip it. `auth_time` reveals that,
 *   and the backend denies the proof (`stale`).
 * - ID Tokens carry `auth_time`, `amr` and `idp`, which is `local` for a login at this server. A policy with
 *   `localIdp: true` refuses the others.
 * - `acr_values` are handed to your login page. `idp:name` chooses another identity provider.
 * - Access tokens have the type `at+jwt`, and their scopes in a list.
 *
 * Not documented, inferred:
 *
 * - That no `acr` is reported unless your login page adds the claim.
 * - That IdentityServer4 shows its login page in the frame for `max_age` with `prompt=none`. That ends in a `timeout`,
 *   not in an error.
 *
 * @see Duende IdentityServer Docs: "Authorize Endpoint", "Token Options"
 * @see Duende's source: `AuthorizeInteractionResponseGenerator`, `DefaultClaimsService`; Duende Support issue 1229;
 *   IdentityServer4 issue 4002
 */
export function duende(): ProviderProfile {
  return {
    name: 'Duende IdentityServer',
    scope: 'openid profile email offline_access',
    authTime: 'always',
    localIdp: ({ idp }) => idp === 'local',
  }
}
