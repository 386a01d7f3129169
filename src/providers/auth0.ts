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
 * To set up at Auth0:
 *
 * 1. Make an application of the type single-page.
 * 2. Enter the callback page as callback URL and logout URL, and the app's origin as web origin.
 * 3. Switch on refresh token rotation, and add `offline_access` to the client's `scope`.
 * 4. Make an API, and give its identifier as `audience`. Without an `audience` the access token is opaque, and none of
 *    your APIs can read it.
 * 5. For several APIs, enter each of them in the application's refresh token policies (multi-resource refresh tokens).
 * 6. For policies with `acrValues`, write an Action that reacts to `acr_values`.
 * 7. Take the issuer with the slash at its end: `https://tenant.region.auth0.com/`.
 *
 * Documented:
 *
 * - `auth_time` is in ID Tokens when the request has `prompt=login` or `max_age=0`. So every step-up that needs the
 *   time of the login sends `prompt=login`. Auth0's page also shows a `max_age` of 999999, beside `prompt=login`.
 * - Access tokens have no `auth_time`, so an API cannot tell from them how fresh the login is: use the freshness
 *   endpoint.
 * - An access token is a JWT only where `audience` names an API. Auth0 has two formats (token profiles) for it: the one
 *   of RFC 9068 has the type `at+jwt`, and the default one has `azp` and `scope`.
 * - For an API that is not among the refresh token policies, Auth0 gives a token for the first API, without an error.
 *   The client notices that by the token's `aud`. It then tries a hidden frame, or asks the person.
 * - Multi-factor authentication is requested by the `acr` value
 *   `http://schemas.openid.net/pape/policies/2007/06/multi-factor`, and shows as `amr: ["mfa"]`. After a silent renewal
 *   or a refresh the token no longer has that `amr`. So let policies name `acrValues`, which start a step-up, rather
 *   than `amr`.
 * - Silent requests fail with `login_required`, `consent_required` or `interaction_required`. A refresh may fail with
 *   `mfa_required`; the client then tries the hidden frame.
 * - With a federated connection (a login at another identity provider), `auth_time` moves although that provider did
 *   not ask the person: give the policies `localIdp: true`. `prompt=login` or `prompt=consent` can ask a social
 *   provider for a new login, but Auth0 cannot enforce it. To send both in a step-up, use
 *   `{ ...auth0(), stepUpPrompt: 'login consent' }`.
 *
 * Not documented, inferred:
 *
 * - That any `max_age` brings `auth_time` without `prompt=login` too, as the specification demands.
 * - Whether the multi-factor step alone moves `auth_time`.
 * - That a `sub` begins with `auth0|` for Auth0's own users, as its user ids do. `localIdp` relies on that.
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
