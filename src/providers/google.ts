import type { ProviderProfile } from '../core/provider-profile.ts'
import { googleRefusal } from '../core/refusals.ts'

/**
 * The profile of Google, which always refuses: a browser app without a server cannot sign people in at Google.
 *
 * To set up, instead of Google:
 *
 * 1. Use any other provider, and let people sign in with Google there.
 * 2. Take that provider's profile, and its issuer.
 * 3. Give policies `localIdp: true` where a login at Google must not count. A step-up is a login at your provider, and
 *    its `prompt=login` does not make Google ask the person.
 *
 * Documented:
 *
 * - For a web application the token endpoint demands a client secret (`client_secret is missing`), also with
 *   authorization code and PKCE. No browser app can keep a secret.
 * - `prompt` takes `none`, `consent` and `select_account`, so an app cannot demand a new login.
 * - There is no `auth_time` among the claims, and no sign-out page.
 *
 * Not documented, inferred: nothing.
 *
 * @see Google for Developers, "OpenID Connect" (authentication URI parameters) and "Using OAuth 2.0 for Web Server
 *   Applications"; angular-oauth2-oidc issue 812
 */
export function google(): ProviderProfile {
  return {
    name: 'Google',
    refusal: googleRefusal,
    noStepUp: 'it takes no prompt=login and tells no auth_time',
    promptValues: ['none', 'consent', 'select_account'],
    accountSelection: 'select_account',
    acrClaim: 'none',
  }
}
