import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Okta, with a custom authorization server.
 *
 * Documented: `prompt` takes `none`, `login` and `consent`. `max_age` is honoured. Both tokens carry `auth_time`. Levels are
 * asked for by `acr_values` of Okta's own list, such as `urn:okta:loa:2fa:any` or `phr`, and come back as `acr`; a value
 * that it does not know is ignored, and one that the person cannot meet ends in `unmet_authentication_requirements`. A
 * refresh brings the `acr` of the first request. In an access token `sub` is the login name, which can change, and `uid`
 * the id that is the ID Token's `sub`; scopes are a list in `scp`, and `cid` is the client. `idp` in an ID Token is the
 * organization's id where Okta itself signed the person in. A refresh token needs `offline_access`; the old one lives on
 * for 30 seconds by default. Access tokens of the organization's own authorization server are for Okta only.
 *
 * Not documented, inferred: that an organization's id begins with `00o`, as in Okta's examples; how a person chooses
 * another account, so "Not you?" asks with `prompt=login`.
 *
 * To set up at Okta: an app integration of the type single-page with the grants authorization code and refresh token, the
 * callback page as sign-in and sign-out redirect URI, the app's origin as trusted origin (CORS), and a custom
 * authorization server with an access policy, whose audience is the API. The issuer is
 * `https://org.okta.com/oauth2/server`.
 *
 * @see Okta Developer: "Step-up authentication using ACR values", "Refresh access tokens and rotate refresh tokens",
 *   "Customize tokens returned from Okta", "Sign users out"
 */
export function okta(): ProviderProfile {
  return {
    name: 'Okta',
    scope: 'openid profile email offline_access',
    resourceParam: 'none',
    promptValues: ['none', 'login', 'consent'],
    accountSelection: 'login',
    authTime: 'always',
    subjectOf: ({ sub, uid }, token) => (token === 'access_token' ? uid : sub),
    isAccessToken: ({ cid, scp }) => typeof cid === 'string' && Array.isArray(scp),
    localIdp: ({ idp }) => typeof idp === 'string' && idp.startsWith('00o'),
  }
}
