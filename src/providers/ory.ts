import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Ory Hydra, and of Ory Network's OAuth2.
 *
 * To set up at Ory:
 *
 * 1. Make a client with the authentication method `none`, the grants authorization code and refresh token, the scope
 *    `offline_access` and the subject type `public`.
 * 2. Enter the callback page as redirect URI and post-logout redirect URI, and allow the app's origin (CORS).
 * 3. Allow the client the API's audience, and give it as the client's `resource`.
 * 4. Choose JWT as access token strategy, or give the guard `introspection`.
 * 5. Write your login app so that it asks the person whenever Hydra wants a login, and so that it sets the `acr` and
 *    `amr` that your policies name.
 *
 * Documented, in its source:
 *
 * - `prompt` takes `none`, `login`, `consent` and `registration`, and `select_account`, which is the same as `login` in
 *   recent releases.
 * - `max_age` is honoured. If the `auth_time` is older than a request with `prompt=login`, Hydra itself refuses.
 * - ID Tokens carry `auth_time`. Your login app sets `acr` and `amr`. If an `acr` was asked for and it sets none, `acr`
 *   is `0`.
 * - The API is named by `audience`. The client must be allowed to use it.
 * - Access tokens are opaque unless the strategy is JWT. A JWT has its scopes in a list, `scp`, and no `auth_time`.
 *
 * Not documented, inferred:
 *
 * - That no claim shows a login at another identity provider unless your login app adds one, so there is no `localIdp`.
 *
 * @see Ory Hydra's documentation: "Advanced OAuth2 and OpenID Connect Flows" (audience)
 * @see Ory Hydra's source: `consent/strategy_default.go`, `fosite/handler/openid/strategy_jwt.go`, `oauth2/session.go`
 */
export function ory(): ProviderProfile {
  return {
    name: 'Ory Hydra',
    scope: 'openid profile email offline_access',
    resourceParam: 'audience',
    promptValues: ['none', 'login', 'consent', 'select_account', 'registration'],
    accountSelection: 'login',
    signUp: { prompt: 'registration' },
    authTime: 'always',
    isAccessToken: ({ client_id, scp }) => typeof client_id === 'string' && Array.isArray(scp),
  }
}
