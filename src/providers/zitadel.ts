import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of ZITADEL.
 *
 * Documented: `prompt` takes `none`, `login`, `select_account` and `create`, though discovery lists none. `max_age` is
 * honoured. ID Tokens carry `auth_time`, access tokens do not, so no API can judge freshness by them. ID Tokens name the
 * client, the other applications of its project and the project in `aud`, and the client in `azp`. Names are at the
 * userinfo endpoint, unless the application has "User Info inside ID Token". The API is in the scope's names:
 * `urn:zitadel:iam:org:project:id:project:aud`. Access tokens are opaque unless the application says JWT; a JWT has a
 * `jti`, an ID Token has none.
 *
 * Not documented, inferred: that no `acr` is reported (it is empty in ZITADEL's source); that a login at another identity
 * provider is told by no claim, so there is no `localIdp`. Where the application has a clock skew, `iat` and
 * `auth_time` lie back by it, as in the source of ZITADEL's library.
 *
 * To set up at ZITADEL: an application of the type user agent with PKCE, the grant refresh token, the callback page as
 * redirect URI and post-logout URI, and no clock skew. The issuer is `https://instance.zitadel.cloud` or your domain.
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
