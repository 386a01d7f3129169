import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of AuthAction.
 *
 * Documented: `prompt` takes `login` and `signup`, and nothing else; any other value, `none` included, comes back as an
 * error. So nothing can be asked silently: sessions are renewed by refresh token, and a reload finds its session only
 * in another tab or with `storage: 'session'`. PKCE is mandatory. `ui_locales` holds for the whole flow.
 *
 * Not documented: whether `prompt=login` makes a signed-in person authenticate again (it is described as which screen
 * comes first), whether ID Tokens carry `auth_time`, and any `acr`. Without `auth_time` the backend denies every
 * step-up (`auth_time_missing`). Test this with your tenant before you build on it. No claim is documented that tells a
 * login at another identity provider, so there is no `localIdp`.
 *
 * To set up at AuthAction: the callback page as redirect URI and logout URI, refresh tokens (scope `offline_access`).
 * The issuer ends in a slash: `https://tenant.region.authaction.com/`.
 *
 * @see AuthAction's documentation of the authorize endpoint
 */
export function authAction(): ProviderProfile {
  return {
    name: 'AuthAction',
    scope: 'openid profile email offline_access',
    promptValues: ['login', 'signup'],
    authTime: 'unknown',
    acrClaim: 'none',
    signUp: { prompt: 'signup' },
    accountSelection: 'login',
  }
}
