import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Duende IdentityServer, and of IdentityServer4.
 *
 * Documented: `prompt` takes `none` and `login`, and `create` where an account page is set up; discovery says so, and lists
 * `select_account`, which shows the login page like `login`. `max_age` is honoured, except that `max_age=0` shows the login
 * page for ever in IdentityServer4 and in Duende 7.0.4, so it is not sent. ID Tokens carry `auth_time`, `amr` and
 * `idp`, which is `local` for a login at this server. `acr_values` are handed to your login page; `idp:name` chooses
 * another identity provider. Access tokens have the type `at+jwt`, and their scopes in a list. The `prompt` is taken out
 * of the address before the login page, so a person can skip it; `auth_time` reveals that, and the backend denies the
 * proof (`stale`).
 *
 * Not documented, inferred: that no `acr` is reported unless your login page adds the claim. With `max_age` and
 * `prompt=none`, IdentityServer4 shows its login page in the frame: that ends in a `timeout`, not in an error.
 *
 * To set up at IdentityServer: a client with the grant authorization code, PKCE and no secret, `AllowOfflineAccess`, the
 * callback page as redirect URI and post-logout redirect URI, the app's origin in `AllowedCorsOrigins`.
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
