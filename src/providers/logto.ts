import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Logto.
 *
 * To set up at Logto:
 *
 * 1. Make an application of the type single page app.
 * 2. Enter the callback page as redirect URI and post sign-out redirect URI, and the app's origin as CORS allowed
 *    origin.
 * 3. Make an API resource for each API, and name it by `resource`.
 * 4. Give the client the option `prompt: 'consent'`. Without it there is no refresh token.
 * 5. Take the issuer `https://tenant.logto.app/oidc`.
 *
 * Documented:
 *
 * - `acr_values` and `max_age` start a step-up at Logto. Only the person of the session can do it, and Logto asks only
 *   for the missing factor.
 * - `urn:logto:acr:1fa` and `urn:logto:acr:mfa` come back as `acr`, beside `amr` and `auth_time`, in ID Tokens and in
 *   JWT access tokens.  A refresh keeps them. If a level cannot be met, the error is
 *   `unmet_authentication_requirements`. Older releases report no `acr`.
 * - An access token is for one API, its `resource` (RFC 8707), and opaque without one.
 * - `first_screen=register` shows the form for new people.
 * - A login at a social or an enterprise provider is `fed` in `amr`, so a policy with `localIdp: true` refuses it.
 *
 * Documented, in its source:
 *
 * - Logto is built on oidc-provider, without the `claims` parameter and without DPoP.
 * - A public client gets a refresh token for the scope `offline_access`, and rotates it.
 * - Only Logto's own origins may frame its pages.
 *
 * Not documented, inferred:
 *
 * - That `offline_access` needs `prompt=consent`, as in oidc-provider. Logto's own SDK sends it with every sign-in. So
 *   a step-up sends `login` and `consent`, and a sign-in needs the client's option `prompt: 'consent'`. "Not you?"
 *   sends only `prompt=login`, so the next person's session may have no refresh token.
 * - Whether ID Tokens have `auth_time` when the request has no `max_age`.
 *
 * @see Logto Docs: "Step-up authentication"; Logto's source: `packages/core/src/oidc/init.ts`
 * @see the source of Logto's SDK: `packages/js/src/core/sign-in.ts`
 */
export function logto(): ProviderProfile {
  return {
    name: 'Logto',
    scope: 'openid profile email offline_access',
    promptValues: ['none', 'login', 'consent'],
    accountSelection: 'login',
    signUp: { authorizationParams: { first_screen: 'register' } },
    stepUpPrompt: 'login consent',
    localIdp: ({ amr }) => Array.isArray(amr) && !amr.includes('fed'),
  }
}
