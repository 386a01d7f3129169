import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of FusionAuth, from 1.60.
 *
 * Documented: `prompt` takes `none`, `login` and `consent`; `select_account` is ignored, so it is never sent. Errors
 * have an `error_reason` beside `error`: see `parameters` of the error. `idp_hint`, and a `login_hint` in a managed
 * domain, skip `prompt=login`, so a step-up sends no hint. `auth_time` must be newer than the current token's, as the
 * backend checks. `prompt=consent` matters to third-party applications that remember decisions. `prompt` is not passed
 * on to other identity providers. A successful answer also has `locale` and `userState`, which are ignored.
 *
 * Not documented, inferred: the error code for `prompt=login none`, which is not sent; that no `acr` is reported.
 *
 * To set up at FusionAuth: an application with PKCE required and no client authentication, the callback page as
 * redirect URL and logout URL, refresh tokens. Two-factor authentication is the application's setting rather than a
 * request's.
 */
export function fusionAuth(): ProviderProfile {
  return {
    name: 'FusionAuth',
    promptValues: ['none', 'login', 'consent'],
    acrClaim: 'none',
    dropHintsOnStepUp: true,
    accountSelection: 'login',
  }
}
