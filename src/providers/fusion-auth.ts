import type { ProviderProfile } from '../core/provider-profile.ts'

// Each of them asks the person at FusionAuth's own page; `PING` and `REFRESH_TOKEN` ask no person.
const ownLogins: readonly unknown[] = ['PASSWORD', 'PASSWORDLESS', 'GENERIC_CONNECTOR', 'LDAP_CONNECTOR']

/**
 * The profile of FusionAuth, from 1.60.
 *
 * To set up at FusionAuth:
 *
 * 1. Change the tenant's issuer, which is `acme.com` at first, to the tenant's https URL. That is then the client's
 *    `issuer`. Without this change the discovery document is not at the issuer, and client and guards need
 *    `metadataUrl`.
 * 2. Make an application with PKCE required and no client authentication.
 * 3. Choose RS256 or ES256 for access tokens and ID Tokens. New applications sign with HS256, which no browser app can
 *    use.
 * 4. Enter the callback page as redirect URL and logout URL, and allow the app's origin (CORS).
 * 5. For refresh tokens, switch on the refresh token grant and "Generate refresh tokens", and add `offline_access` to
 *    the client's `scope`.
 * 6. For two-factor authentication, use the application's setting. No request can ask for it.
 *
 * Documented:
 *
 * - `prompt` takes `none`, `login` and `consent`. `select_account` is ignored, so it is never sent. `prompt=consent` is
 *   for third-party applications that remember a person's decisions.
 * - `idp_hint`, and a `login_hint` in a managed domain, skip `prompt=login`, so a step-up sends no `login_hint`. If
 *   your `authorizationParams` have an `idp_hint`, make them a function that leaves it out for `step_up`.
 * - ID Tokens and access tokens carry `auth_time`. After a new login it must be later than before. FusionAuth advises
 *   to end the session if it is not. Here the backend refuses the proof (`stale`), and the step-up's option
 *   `onStale: 'end_session'` ends the session too.
 * - `prompt` is not passed on to other identity providers. Both tokens carry `authenticationType`, which shows how the
 *   person signed in: give the policies `localIdp: true`.
 * - Errors have an `error_reason` beside `error`: see `parameters` of the error.
 * - Both tokens have the client as `aud` and the type `JWT`. Only an ID Token has `at_hash`. Only an access token has
 *   `applicationId`, if the person is registered to the application.
 * - A successful answer also has `locale` and `userState`, which are ignored.
 *
 * Not documented, inferred:
 *
 * - The error code for `prompt=login none`, which is not sent.
 * - That no `acr` is reported.
 * - What `authenticationType` is after a login with a passkey. So `localIdp` does not count such a login as one at
 *   FusionAuth itself.
 *
 * @see FusionAuth Docs: "OIDC Prompt", "Tokens", "OAuth Issuer Validation"
 */
export function fusionAuth(): ProviderProfile {
  return {
    name: 'FusionAuth',
    promptValues: ['none', 'login', 'consent'],
    authTime: 'always',
    acrClaim: 'none',
    dropHintsOnStepUp: true,
    accountSelection: 'login',
    isAccessToken: ({ applicationId, at_hash }) => typeof applicationId === 'string' && at_hash === undefined,
    localIdp: ({ authenticationType }) => ownLogins.includes(authenticationType),
  }
}
