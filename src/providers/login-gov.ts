import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Login.gov.
 *
 * To set up at Login.gov:
 *
 * 1. Make an app with PKCE.
 * 2. Enter the callback page as redirect URI, which also allows the app's origin (CORS).
 * 3. Ask Login.gov to allow `prompt=login` for your app, and to switch on `auth_time` in ID Tokens. Without `auth_time`
 *    every step-up is denied (`auth_time_missing`). Test this before you build on it.
 * 4. Give the client the option `acrValues`, such as `['urn:acr.login.gov:auth-only']`, and each policy its own
 *    `acrValues`.
 * 5. Take the issuer with the slash at its end: `https://secure.login.gov/`.
 *
 * Documented:
 *
 * - Every request must have `acr_values`. A sign-in sends the client's, and a step-up sends those of its policy.
 * - `prompt` takes `select_account`, which lets the person go on or use another account. It also takes `login` and
 *   `create`, if Login.gov allows them for your app. A request without `prompt` counts as `select_account`.
 * - `prompt=none` is refused, and there are no refresh tokens. So nothing can be asked silently: a reload finds its
 *   session only in another tab or with `storage: 'session'`, and the person is asked when the access token expires.
 * - A client authenticates by PKCE or by a signed assertion. Discovery lists only the assertion.
 * - `sub` is different in each app, and access tokens are opaque.
 * - If the person cancels at Login.gov, the error is `access_denied`.
 * - Signing out takes `client_id`, and returns `state`.
 *
 * Documented, in its source:
 *
 * - ID Tokens carry `auth_time` only if Login.gov has switched it on. It is off by default.
 *
 * Not documented, inferred:
 *
 * - That `max_age` is ignored.
 * - That no claim shows a login at another identity provider, so there is no `localIdp`.
 *
 * @see Login.gov Developers, "OpenID Connect"
 * @see identity-idp's source: `openid_connect_authorize_form.rb`, `openid_connect_user_info_presenter.rb`
 */
export function loginGov(): ProviderProfile {
  return {
    name: 'Login.gov',
    scope: 'openid email',
    resourceParam: 'none',
    promptValues: ['select_account', 'login', 'create'],
    accountSelection: 'select_account',
    signUp: { prompt: 'create' },
    maxAge: 'none',
    authTime: 'unknown',
  }
}
