import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of AuthAction.
 *
 * To set up at AuthAction:
 *
 * 1. Register the callback page as redirect URI and logout URI.
 * 2. Allow refresh tokens. The profile asks for them by the scope `offline_access`.
 * 3. Sign in once, and check that the ID Token has `auth_time`. Without it every step-up is denied.
 * 4. Take the issuer with the slash at its end: `https://tenant.region.authaction.com/`.
 *
 * Documented:
 *
 * - `prompt` takes `login` and `signup`. Any other value, `none` included, comes back as an error. So nothing can be
 *   asked silently: sessions are renewed by refresh token, and a reload finds its session only in another tab or with
 *   `storage: 'session'`.
 * - PKCE is mandatory.
 * - `ui_locales` sets the language of the whole flow.
 *
 * Not documented, inferred:
 *
 * - Whether `prompt=login` makes a signed-in person authenticate again: the documentation only says which screen it
 *   shows first.
 * - Whether ID Tokens carry `auth_time`. Without it the backend denies every step-up (`auth_time_missing`).
 * - Whether there is an `acr`. A policy with `acrValues` fails before the page is left.
 * - Which claim shows a login at another identity provider, so there is no `localIdp`.
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
