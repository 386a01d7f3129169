import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Keycloak.
 *
 * To set up at Keycloak:
 *
 * 1. Make a public client with standard flow and PKCE S256.
 * 2. Enter the callback page as valid redirect URI and valid post logout redirect URI, and the app's origin as web
 *    origin.
 * 3. For an API, add an audience mapper.
 * 4. Take the issuer `https://host/realms/realm`.
 *
 * Documented:
 *
 * - `prompt` takes `none`, `login` and `consent`, and `create` where the realm allows registration. Discovery says so.
 * - `prompt=login`, and a `max_age` that has passed, ask only the person of the session: the page has no field for
 *   another name. So "Not you?" ends the session first.
 * - ID Tokens carry `auth_time` and `acr`.
 * - An `acr` is asked for as an essential claim. If the person cannot meet it, Keycloak refuses. Discovery lists the
 *   realm's mapping of `acr` values to levels, but not a client's own.
 * - The person's name (`sub`) is the same in all tokens.
 * - An audience mapper with "Add to ID token" puts APIs into the ID Token's `aud`. They are trusted where `azp` is the
 *   client.
 * - The claim `typ` is `Bearer` or `DPoP` in access tokens, and `ID` in ID Tokens. Before release 25, access tokens
 *   have the `nonce` too.
 * - A refresh token needs no `offline_access`, and ends with the session.
 *
 * Not documented, inferred:
 *
 * - That no claim shows a login at another identity provider unless you map one, so there is no `localIdp`. If you map
 *   one, write `{ ...keycloak(), localIdp }` in the guard.
 *
 * @see Keycloak Server Administration Guide, "Step-up authentication" and "Audience support"; Upgrading Guide, 25.0.0
 * @see Keycloak's source: `CookieAuthenticator`, `UsernamePasswordForm`, `OIDCWellKnownProvider`, `OIDCLoginProtocol`,
 *   `TokenUtil`
 */
export function keycloak(): ProviderProfile {
  return {
    name: 'Keycloak',
    authTime: 'always',
    acrClaim: 'essential',
    accountSelection: 'sign_out',
    trustedAudiences: () => true,
    isAccessToken: ({ typ }) => typ === 'Bearer' || typ === 'DPoP',
  }
}
