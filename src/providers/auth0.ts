import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Auth0.
 *
 * Documented: `auth_time` is in ID Tokens when the request has `prompt=login` or `max_age=0`, and not promised
 * otherwise, so every step-up asks with `prompt=login`. Multi-factor authentication is requested by the `acr` value
 * `http://schemas.openid.net/pape/policies/2007/06/multi-factor` and shows as `amr: ["mfa"]`, which is gone after a
 * silent renewal and after a refresh: let policies ask for `acrValues`, which starts a step-up, rather than rely on a
 * session's `amr`. Silent requests fail with `login_required`, `consent_required` or `interaction_required`; a refresh
 * may fail with `mfa_required`, and then the hidden frame is asked. With a federated connection `auth_time` moves
 * although the identity provider did not ask the person: give `auth0().localIdp` to the backend's policies.
 *
 * Not documented, inferred: whether the multi-factor step alone moves `auth_time`; that a `sub` begins with `auth0|`
 * for Auth0's own users, as its user ids do.
 *
 * To set up at Auth0: an application of the type single-page, the callback page as callback URL and logout URL, the
 * app's origin as web origin, refresh token rotation, an Action that reacts to `acr_values`. The issuer ends in a
 * slash: `https://tenant.region.auth0.com/`. Access tokens have no `auth_time`, so an API cannot judge freshness by
 * them: use the freshness endpoint.
 */
export function auth0(): ProviderProfile {
  return {
    name: 'Auth0',
    promptValues: ['none', 'login', 'consent'],
    maxAge: 'any',
    authTime: 'login',
    signUp: { screenHint: 'signup' },
    accountSelection: 'login',
    localIdp: ({ sub }) => typeof sub === 'string' && sub.startsWith('auth0|'),
  }
}
