import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of ZITADEL.
 *
 * To set up at ZITADEL:
 *
 * 1. Make an application of the type user agent with PKCE, and the grant refresh token.
 * 2. Enter the callback page as redirect URI and post-logout URI.
 * 3. For an API, choose JWT access tokens, and name its project by the scope
 *    `urn:zitadel:iam:org:project:id:project:aud`.
 * 4. Leave the clock skew of the application at 0.
 * 5. Take the issuer `https://instance.zitadel.cloud` or your domain.
 *
 * Documented:
 *
 * - `prompt` takes `none`, `login`, `select_account` and `create`, though discovery lists none.
 * - `max_age` is honoured.
 * - ID Tokens carry `auth_time`. Access tokens do not, so an API cannot tell from them how fresh the login is.
 * - ID Tokens have several names in `aud`: the client, the other applications of its project, and the project. `azp` is
 *   the client. The other audiences are trusted where `azp` is the client.
 * - Names are read at the userinfo endpoint. ID Tokens have them only with the setting "User Info inside ID Token".
 * - The scopes name the API. An access token has the project's id as `aud`. Give that id to the guard as `audience`.
 * - Access tokens are opaque unless the application says JWT. A JWT has a `jti`, an ID Token has none.
 *
 * Not documented, inferred:
 *
 * - That no `acr` is reported (it is empty in ZITADEL's source).
 * - That no claim shows a login at another identity provider, so there is no `localIdp`.
 * - That `iat` and `auth_time` are dated back by the application's clock skew, if it has one, as in the source of
 *   ZITADEL's library.
 *
 * @see ZITADEL Docs: "OpenID Connect Endpoints", "Claims", "Scopes"
 * @see zitadel's source: `auth_request_converter.go`; zitadel/oidc's source: `NewIDTokenClaims`, `NewAccessTokenClaims`
 */
export function zitadel(): ProviderProfile {
  return {
    name: 'ZITADEL',
    scope: 'openid profile email offline_access',
    resourceParam: 'none',
    promptValues: ['none', 'login', 'select_account', 'create'],
    accountSelection: 'select_account',
    signUp: { prompt: 'create' },
    authTime: 'always',
    acrClaim: 'none',
    userInfo: true,
    trustedAudiences: () => true,
    isAccessToken: ({ jti, auth_time, nonce }) =>
      typeof jti === 'string' && auth_time === undefined && nonce === undefined,
  }
}
