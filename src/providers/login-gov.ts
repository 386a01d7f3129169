import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Login.gov.
 *
 * To set up at Login.gov:
 *
 * 1. Make an app with PKCE.
 * 2. Enter the callback page as redirect URI, which also allows the app's origin (CORS).
 * 3. Ask Login.gov for the permission for `prompt=login`, and to switch on `auth_time` in ID Tokens. Without it every
 *    step-up is denied (`auth_time_missing`). Test this before you build on it.
 * 4. Give the client `acrValues`, such as `['urn:acr.login.gov:auth-only']`, and each policy its own.
 * 5. Take the issuer with the slash at its end: `https://secure.login.gov/`.
 *
 * Documented:
 *
 * - Every request has `acr_values`: the client's go with sign-ins, and a step-up has those of its policy.
 * - `prompt` is `select_account`, which lets the person go on or use another account, or `login` and `create`, which
 *   Login.gov must allow your app. A request without `prompt` counts as `select_account`.
 * - `prompt=none` is refused, so nothing can be asked silently, and there are no refresh tokens. A reload finds its
 *   session only in another tab or with `storage: 'session'`, and the person is asked when the access token ends.
 * - PKCE and a signed assertion are the two ways to authenticate a client. Discovery lists only the second.
 * - `sub` is another one in each app, and access tokens are opaque.
 * - A cancel at the provider is `access_denied`.
 * - Signing out takes `client_id`, and gives `state` back.
 *
 * Documented, in its source:
 *
 * - ID Tokens carry `auth_time` only where the service has switched that on, and it is off by default.
 *
 * Not documented, inferred:
 *
 * - That `max_age` is ignored.
 * - That no claim tells a login at another identity provider, so there is no `localIdp`.
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
