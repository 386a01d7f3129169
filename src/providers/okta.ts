import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Okta, with a custom authorization server.
 *
 * To set up at Okta:
 *
 * 1. Make an app integration of the type single-page, with the grants authorization code and refresh token.
 * 2. Enter the callback page as sign-in and sign-out redirect URI, and the app's origin as trusted origin (CORS).
 * 3. Make a custom authorization server with an access policy, whose audience is the API.
 * 4. Take the issuer `https://org.okta.com/oauth2/server`.
 *
 * Documented:
 *
 * - `prompt` takes `none`, `login` and `consent`. `max_age` is honoured. Both tokens carry `auth_time`.
 * - Levels are asked for by `acr_values` of Okta's own list, such as `urn:okta:loa:2fa:any` or `phr`, and come back as
 *   `acr`. If the person cannot meet a level, the error is `unmet_authentication_requirements`. Okta ignores a value
 *   that it does not know, so spell it as Okta does.
 * - Tokens of a refresh have the `acr` of the first request.
 * - In an access token, `sub` is the login name, which can change, and `uid` is the ID Token's `sub`. The guards use
 *   `uid`.
 * - In an access token scopes are a list in `scp`, and `cid` is the client.
 * - `idp` in an ID Token is the organization's id where Okta itself signed the person in. A policy with
 *   `localIdp: true` refuses the others.
 * - A refresh token needs `offline_access`. After a rotation, the old one works for 30 more seconds by default.
 * - Access tokens of the organization's own authorization server are for Okta only.
 *
 * Not documented, inferred:
 *
 * - That an organization's id begins with `00o`, as in Okta's examples. `localIdp` relies on that.
 * - How a person chooses another account. So "Not you?" sends `prompt=login`.
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
