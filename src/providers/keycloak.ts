import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Keycloak.
 *
 * Documented: `prompt` takes `none`, `login` and `consent`, and `create` where the realm allows registration; discovery
 * says so. `prompt=login` and a `max_age` that has run out ask only the person of the session, by a page without a field
 * for another name, so "Not you?" ends the session first. ID Tokens carry `auth_time` and `acr`. An essential `acr` that
 * cannot be met is refused. A client's own mapping of `acr` values to levels is not in discovery, where the realm's is. The
 * person's name (`sub`) is the same in all tokens. An audience mapper with "Add to ID token" puts APIs into the ID Token's
 * `aud`, and `azp` is the client. Access tokens have the `typ` claim `Bearer`, or `DPoP`, ID Tokens `ID`; before release 25
 * access tokens have the `nonce` too. A refresh token needs no `offline_access` and ends with the session.
 *
 * Not documented, inferred: that a login at another identity provider is told by no claim unless you map one, so there is
 * no `localIdp`.
 *
 * To set up at Keycloak: a public client with standard flow and PKCE S256, the callback page as valid redirect URI and
 * valid post logout redirect URI, the app's origin as web origin; for APIs an audience mapper. The issuer is
 * `https://host/realms/realm`.
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
