import type { ProviderProfile } from '../core/provider-profile.ts'

/** What the app wants of Auth0. */
export interface Auth0Options {
  /**
   * The identifier of the API that access tokens are for. Without it they are opaque, and for Auth0's own userinfo
   * endpoint only. Default: none.
   */
  readonly audience?: string
}

/**
 * The profile of Auth0.
 *
 * Documented: `auth_time` is in ID Tokens when the request has `prompt=login` or `max_age=0`, so every step-up asks with
 * `prompt=login`. The same page has an arbitrary `max_age` of 999999 bring it too, beside `prompt=login`. An access token
 * is a JWT only where `audience` names an API; of the two token profiles, RFC 9068's has the type `at+jwt`, and the default
 * one has `azp` and `scope`. Multi-factor authentication is requested by the `acr` value
 * `http://schemas.openid.net/pape/policies/2007/06/multi-factor` and shows as `amr: ["mfa"]`, which is gone after a silent
 * renewal and after a refresh: let policies ask for `acrValues`, which starts a step-up, rather than rely on a session's
 * `amr`. Silent requests fail with `login_required`, `consent_required` or `interaction_required`; a refresh may fail with
 * `mfa_required`, and then the hidden frame is asked. With a federated connection `auth_time` moves although the identity
 * provider did not ask the person: give `auth0().localIdp` to the backend's policies. `prompt=login` or `prompt=consent` is
 * a way to ask a social provider for a new login, which Auth0 cannot enforce; for both in a step-up say
 * `{ ...auth0(), stepUpPrompt: 'login consent' }`.
 *
 * Not documented, inferred: that such a `max_age` brings `auth_time` without `prompt=login` too, as the specification
 * demands; whether the multi-factor step alone moves `auth_time`; that a `sub` begins with `auth0|` for Auth0's own users,
 * as its user ids do.
 *
 * To set up at Auth0: an application of the type single-page, the callback page as callback URL and logout URL, the app's
 * origin as web origin, refresh token rotation (and the scope `offline_access`), an API for `audience`, an Action that
 * reacts to `acr_values`. The issuer ends in a slash: `https://tenant.region.auth0.com/`. Access tokens have no
 * `auth_time`, so an API cannot judge freshness by them: use the freshness endpoint.
 *
 * @see Auth0 Docs: "Force Reauthentication in OIDC", "Access Token Profiles", "Authorize Application"
 */
export function auth0({ audience }: Auth0Options = {}): ProviderProfile {
  return {
    name: 'Auth0',
    ...(audience !== undefined && { authorizationParams: { audience } }),
    resourceParam: 'audience',
    promptValues: ['none', 'login', 'consent'],
    maxAge: 'any',
    authTime: 'login',
    signUp: { screenHint: 'signup' },
    accountSelection: 'login',
    isAccessToken: ({ azp, scope }) => typeof azp === 'string' && typeof scope === 'string',
    localIdp: ({ sub }) => typeof sub === 'string' && sub.startsWith('auth0|'),
  }
}
