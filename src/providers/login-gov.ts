import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Login.gov.
 *
 * Documented: every request has `acr_values`: give the client's option `acrValues`, such as
 * `['urn:acr.login.gov:auth-only']`. `prompt` is `select_account`, which lets the person go on or use another account, or
 * `login` and `create`, which Login.gov must allow your app. `prompt=none` is refused, so nothing can be asked silently,
 * and there are no refresh tokens: a reload finds its session only in another tab or with `storage: 'session'`, and the
 * person is asked when the access token ends. PKCE and a signed assertion are the two ways to authenticate a client;
 * discovery lists only the second. `sub` is another one in each app, and access tokens are opaque. A cancel at the
 * provider is `access_denied`. Signing out takes `client_id`, and gives `state` back.
 *
 * Documented, in its source: ID Tokens carry `auth_time` only where the service has switched that on, and it is off by
 * default. Without it the backend denies every step-up (`auth_time_missing`). Test this before you build on it.
 *
 * Not documented, inferred: that `max_age` is ignored; that no claim tells a login at another identity provider, so
 * there is no `localIdp`.
 *
 * To set up at Login.gov: an app with PKCE, the callback page as redirect URI, which also allows the app's origin (CORS),
 * and the permission for `prompt=login`. The issuer ends in a slash: `https://secure.login.gov/`.
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
