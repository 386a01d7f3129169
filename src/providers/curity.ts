import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of the Curity Identity Server.
 *
 * To set up at Curity:
 *
 * 1. Make a public client with PKCE.
 * 2. Enter the callback page as redirect URI and post-logout redirect URI, and the app's origin among the allowed ones.
 * 3. Put `auth_time` into ID Tokens.
 * 4. Make the authenticators that your policies name in `acrValues`.
 * 5. For an app that always forces a login, give the client the option `prompt: 'login'`.
 *
 * Documented:
 *
 * - `acr_values` are URNs of authenticators, such as `urn:se:curity:authentication:html-form:html1`.
 * - `max_age` is enforced for each authenticator separately, and `prompt=login` asks for all factors.
 * - The client must check `auth_time`, since the request passes through the person's browser. Here the backend does.
 *
 * Not documented, inferred:
 *
 * - That the `acr` that comes back is the URN that was asked for.
 * - Which time `auth_time` reports when two authenticators were used at different times.
 * - Which error Curity sends when it cannot meet an essential `acr`. `unmet_authentication_requirements` becomes
 *   `step_up_unmet`. `access_denied` becomes `authorization_failed`, because it may also mean that the person
 *   cancelled.
 * - That no claim shows a login at another identity provider, so there is no `localIdp`. Let policies name the
 *   authenticator by `acrValues`, or map a claim and write `{ ...curity(), localIdp }`.
 *
 * @see Curity's articles on `prompt`, `max_age` and single sign-on
 */
export function curity(): ProviderProfile {
  return {
    name: 'Curity',
    acrClaim: 'essential',
    accountSelection: 'login',
  }
}
