import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of authentik.
 *
 * Documented, in its source: `prompt` takes `none`, `login` and `consent`; others are ignored. `max_age` is honoured, except
 * 0. ID Tokens and access tokens carry `auth_time`, the login of this browser's session, and `amr`; `acr` is the same for
 * every login, so a policy cannot ask for one. An access token is the ID Token with `azp`, `uid` and `scope`, for the same
 * `aud`: the client. `sub` is what the provider's subject mode says.
 *
 * Not documented, inferred: whether another person can sign in at `prompt=login`; from which release the sign-out page
 * comes back; that a login at another identity provider is told by no claim, so there is no `localIdp`.
 *
 * To set up at authentik: an OAuth2/OpenID provider of the type public, the callback page as redirect URI, the scope
 * `offline_access` for refresh tokens, and a subject mode that never changes (hashed id, id or UUID; not e-mail, username
 * or UPN). An API accepts the client id as audience. The issuer is `https://host/application/o/slug/`; with the issuer
 * mode "same for all providers" it is `https://host/`, and the client and the guards need `metadataUrl`:
 * `https://host/application/o/slug/.well-known/openid-configuration`.
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
