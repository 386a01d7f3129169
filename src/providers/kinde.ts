import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Kinde.
 *
 * To set up at Kinde:
 *
 * 1. Make an application of the type front-end.
 * 2. Enter the callback page as allowed callback URL and allowed logout redirect URL.
 * 3. Make an API whose audience the application may use, and give it as the client's `resource`.
 * 4. Look at one of your ID Tokens first: its `aud` must name the client.
 * 5. Take the issuer `https://subdomain.kinde.com`.
 *
 * Documented:
 *
 * - `prompt` takes `none`, `login`, `create`, `consent` and `select_account`, and says which page comes first.
 * - The parameter for the language of the pages is `lang`: set it in `authorizationParams`.
 * - The scope for refresh tokens is `offline`. With `offline_access` there is no refresh token, and no error.
 * - The API is named by `audience`.
 * - ID Tokens carry `auth_time`. Access tokens do not, so an API cannot tell from them how fresh the login is. An
 *   access token has its scopes in a list, `scp`.
 * - ID Tokens name Kinde's own domain in `aud`, and the client in `azp`.
 * - The sign-out page takes `redirect`.
 *
 * Not documented, inferred:
 *
 * - That `aud` of an ID Token names the client too, as the specification demands. Kinde's example has only its domain,
 *   and this package refuses such a token.
 * - Whether `max_age` is honoured: Kinde's reference does not have it. So step-ups send `prompt=login`.
 * - Whether `prompt=login` makes a signed-in person authenticate. Another page says that it switches single sign-on
 *   off. Look whether `auth_time` moves.
 * - That the sign-out page does not return `state`.
 * - That no `acr` is reported.
 * - That no claim shows a login at another identity provider, so there is no `localIdp`.
 *
 * @see Kinde Docs: "Using Kinde without an SDK", "ID tokens", "Access tokens"
 */
export function kinde(): ProviderProfile {
  return {
    name: 'Kinde',
    scope: 'openid profile email offline',
    resourceParam: 'audience',
    promptValues: ['none', 'login', 'create', 'consent', 'select_account'],
    accountSelection: 'login',
    signUp: { prompt: 'create' },
    maxAge: 'none',
    authTime: 'always',
    acrClaim: 'none',
    signOut: { returnParam: 'redirect', keepsState: false },
    trustedAudiences: (audience, { iss }) => audience === iss,
    isAccessToken: ({ scp }) => Array.isArray(scp),
  }
}
