import type { ProviderProfile } from '../core/provider-profile.ts'

// Each of them asks the person at FusionAuth's own page; `PING` and `REFRESH_TOKEN` ask no person.
const ownLogins: readonly unknown[] = ['PASSWORD', 'PASSWORDLESS', 'GENERIC_CONNECTOR', 'LDAP_CONNECTOR']

/**
 * The profile of FusionAuth, from 1.60.
 *
 * Documented: `prompt` takes `none`, `login` and `consent`; `select_account` is ignored, so it is never sent. Errors
 * have an `error_reason` beside `error`: see `parameters` of the error. `idp_hint`, and a `login_hint` in a managed
 * domain, skip `prompt=login`, so a step-up sends no hint. Both tokens carry `auth_time`, which must be newer than the
 * current token's, as the backend checks, and `authenticationType`, which tells how the person signed in. `prompt` is not
 * passed on to other identity providers: give `fusionAuth().localIdp` to the backend's policies. `prompt=consent` matters
 * to third-party applications that remember decisions. Both tokens have the client as `aud` and the type `JWT`; an ID
 * Token has `at_hash`, and of the two only an access token has `applicationId`, for people who are registered to the
 * application. A successful answer also has `locale` and `userState`, which are ignored.
 *
 * Not documented, inferred: the error code for `prompt=login none`, which is not sent; that no `acr` is reported; what
 * `authenticationType` is after a passkey, which `localIdp` therefore does not take.
 *
 * To set up at FusionAuth: an application with PKCE required and no client authentication, the callback page as
 * redirect URL and logout URL, the app's origin for CORS; for refresh tokens the grant, "Generate refresh tokens" and the
 * scope `offline_access`. The tenant's issuer is `acme.com` at first: make it the tenant's https URL, which is then
 * `issuer` here (until then the discovery document is not at the issuer, and needs `metadataUrl`). New applications sign
 * with HS256, which no browser app can use: choose RS256 or ES256 for access tokens and ID Tokens. Two-factor
 * authentication is the application's setting rather than a request's.
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
