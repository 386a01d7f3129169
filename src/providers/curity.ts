import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of the Curity Identity Server.
 *
 * Documented: `acr_values` are URNs of authenticators, such as `urn:se:curity:authentication:html-form:html1`.
 * `max_age` is enforced for each authenticator separately, and `prompt=login` asks for all factors. The client must
 * check `auth_time`, since the request passes through the person's browser; here the backend does.
 *
 * Not documented, inferred: that the `acr` that comes back is the URN that was asked for; which time `auth_time`
 * reports when two authenticators were used at two times; which error an essential `acr` that it cannot meet comes back
 * as. `unmet_authentication_requirements` ends in `step_up_unmet`. `access_denied` may also be a person who has cancelled,
 * and ends in `authorization_failed`. No claim that Curity documents tells a login at another identity provider, so there
 * is no `localIdp`: let policies name the authenticator by `acrValues`, or map a claim and write
 * `{ ...curity(), localIdp }`.
 *
 * To set up at Curity: a public client with PKCE, the callback page as redirect URI and post-logout redirect URI, the
 * app's origin among the allowed ones, `auth_time` in ID Tokens, and the authenticators that the policies name. An app
 * that always forces a login gives the client the option `prompt: 'login'`.
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
