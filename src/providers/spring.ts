import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Spring Authorization Server, which is in Spring Security since 7.0. It is for signing in: there are no
 * step-ups.
 *
 * To set up at Spring:
 *
 * 1. Register a client with the authentication method `none` and `requireProofKey`.
 * 2. Enter the callback page as redirect URI and post-logout redirect URI.
 * 3. Allow the app's origin (CORS) at the token endpoint and the userinfo endpoint.
 * 4. For a step-up, use another provider, or pages of your own. Do not give the backend a policy with `maxAge` or
 *    `reauthenticate`: at this provider, `auth_time` is always new.
 *
 * Documented, in its source:
 *
 * - `prompt` takes only `none`. `login` is ignored, and so is `max_age`.
 * - `auth_time` is the time of the session's last request. Every authorization request moves it, so it does not show
 *   that the person was asked. `stepUp` rejects before the page is left, and a freshness guard with this profile is a
 *   `ConfigurationError`.
 * - No `acr` is reported.
 * - Public clients get no refresh token.
 * - Both tokens have the client as `aud`. An access token has its scopes in a list and no `azp`.
 *
 * Not documented, inferred:
 *
 * - That another person can sign in only after the session has ended.
 *
 * @see Spring Authorization Server's source: `JwtGenerator`, `OAuth2AuthorizationCodeRequestAuthenticationProvider`,
 *   `OAuth2RefreshTokenGenerator`
 */
export function spring(): ProviderProfile {
  return {
    name: 'Spring Authorization Server',
    noStepUp:
      'it ignores prompt=login and max_age, and auth_time is the time of the last request, not of the login',
    resourceParam: 'none',
    promptValues: ['none'],
    accountSelection: 'sign_out',
    maxAge: 'none',
    // So that a guard refuses `reauthenticate`.
    authTime: 'person',
    acrClaim: 'none',
    isAccessToken: ({ azp, scope }) => azp === undefined && Array.isArray(scope),
  }
}
