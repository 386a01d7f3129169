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
 * - `max_age` is honoured, with one exception: for `max_age=0`, IdentityServer4 and Duende 7.0.4 show the login page
 *   again and again. So the client does not send it.
 * - The server removes the `prompt` from the address before it shows the login page, so a person can skip that page.
 *   `auth_time` reveals it, and the backend denies the proof (`stale`).
 * - ID Tokens carry `auth_time`, `amr` and `idp`, which is `local` for a login at this server. A policy with
 *   `localIdp: true` refuses the others.
 * - `acr_values` are passed to your login page. The value `idp:name` chooses another identity provider.
 * - Access tokens have the type `at+jwt`, and their scopes in a list.
 *
 * Not documented, inferred:
 *
 * - That no `acr` is reported unless your login page adds the claim.
 * - That IdentityServer4 answers `max_age` with `prompt=none` by showing its login page in the frame. The client then
 *   gets no answer, and the request ends in a `timeout`.
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
