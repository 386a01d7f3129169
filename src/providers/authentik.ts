import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of authentik.
 *
 * To set up at authentik:
 *
 * 1. Make an OAuth2/OpenID provider of the type public.
 * 2. Enter the callback page as redirect URI.
 * 3. Allow the scope `offline_access`, which the profile asks for.
 * 4. Choose a subject mode that never changes: hashed id, id or UUID; not e-mail, username or UPN.
 * 5. Take the issuer `https://host/application/o/slug/`. With the issuer mode "same for all providers" it is
 *    `https://host/`, and client and guards need `metadataUrl`:
 *    `https://host/application/o/slug/.well-known/openid-configuration`.
 *
 * Documented, in its source:
 *
 * - `prompt` takes `none`, `login` and `consent`. Others are ignored.
 * - `max_age` is honoured, except 0.
 * - ID Tokens and access tokens carry `auth_time`, the login of this browser's session, and `amr`.
 * - `acr` is the same for every login, so a policy cannot ask for one.
 * - An access token is the ID Token with `azp`, `uid` and `scope`, for the same `aud`: the client. So an API accepts
 *   the client id as audience.
 * - The provider's subject mode decides what `sub` is.
 * - Some releases, such as 2024.2, show a consent page for each request with `offline_access`, and answer silent
 *   requests with `consent_required`. In newer releases the provider's authorization flow decides that.
 *
 * Not documented, inferred:
 *
 * - Whether another person can sign in at `prompt=login`.
 * - From which release on the sign-out page redirects back to the app.
 * - That no claim shows a login at another identity provider, so there is no `localIdp`.
 *
 * @see authentik's source: `providers/oauth2/views/authorize.py`, `providers/oauth2/id_token.py`
 */
export function authentik(): ProviderProfile {
  return {
    name: 'authentik',
    scope: 'openid profile email offline_access',
    resourceParam: 'none',
    promptValues: ['none', 'login', 'consent'],
    accountSelection: 'login',
    authTime: 'always',
    acrClaim: 'none',
    isAccessToken: ({ azp, uid }) => typeof azp === 'string' && typeof uid === 'string',
  }
}
