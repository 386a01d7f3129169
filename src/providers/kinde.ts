import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Kinde.
 *
 * Documented: `prompt` takes `none`, `login`, `create`, `consent` and `select_account`, and says which page comes first.
 * The language of the pages is `lang`: give it by `authorizationParams`. The scope for refresh tokens is `offline`;
 * `offline_access` brings none, and no error. The API is named by `audience`. ID Tokens carry `auth_time`, access tokens do
 * not, so no API can judge freshness by them; an access token has its scopes in a list, `scp`. ID Tokens name Kinde's own
 * domain in `aud`, and the client in `azp`. The sign-out page takes `redirect`.
 *
 * Not documented, inferred: that `aud` of an ID Token names the client too, as the specification demands (Kinde's example
 * has its domain only, and this package refuses such a token); whether `max_age` is honoured (it is no parameter in the
 * reference), so step-ups send `prompt=login`; whether that makes a signed-in person authenticate (another page says that
 * it switches single sign-on off): `auth_time` shows it; that the sign-out page gives no `state` back; that no `acr` is
 * reported; that no claim tells a login at another identity provider, so there is no `localIdp`.
 *
 * To set up at Kinde: an application of the type front-end, the callback page as allowed callback URL and allowed logout
 * redirect URL, an API whose audience the application may use. The issuer is `https://subdomain.kinde.com`.
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
