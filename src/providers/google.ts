import type { ProviderProfile } from '../core/provider-profile.ts'
import { googleRefusal } from '../core/refusals.ts'

/**
 * The profile of Google, which refuses: a browser app alone cannot sign people in there with authorization code and
 * PKCE.
 *
 * To set up, instead of Google:
 *
 * 1. Let people sign in with Google at a provider of your own: any of the others here.
 * 2. Take that provider's profile, and its issuer.
 * 3. Give policies `localIdp: true` where a login at Google must not count. A step-up is a login at your provider:
 *    `prompt=login` there does not make Google ask.
 *
 * Documented:
 *
 * - The token endpoint wants a client secret of a web application (`client_secret is missing`), which no browser app
 *   can keep.
 * - `prompt` takes `none`, `consent` and `select_account`, so no login can be demanded.
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
