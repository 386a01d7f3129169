import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Amazon Cognito user pools, with managed login.
 *
 * To set up at Cognito:
 *
 * 1. Give the user pool a domain with managed login. The classic hosted pages do not support `prompt`.
 * 2. Make an app client without a secret.
 * 3. Enter the callback page as allowed callback URL and allowed sign-out URL.
 * 4. Take the issuer `https://cognito-idp.region.amazonaws.com/pool`.
 *
 * Documented:
 *
 * - `prompt` takes `none`, which may end in `login_required`, and `login`, which asks again and may be passed on to
 *   other identity providers. `consent` and `select_account` are only passed on to them and do nothing at Cognito
 *   itself, so another person signs in with `login`.
 * - Cognito has no `max_age` and no `acr_values`, so a step-up that has to ask the person sends `prompt=login`.
 * - ID Tokens and access tokens carry `auth_time`. Cognito's page says that tokens will have `acr` and `amr` one day,
 *   but no request can ask for a level.
 * - An access token names its client in `client_id`, and has no `aud` unless a `resource` was asked for. So the guard's
 *   `audience` is the client's id. For an API that accepts tokens with a `resource`, use
 *   `{ ...cognito(), audienceClaim: 'aud' }`.
 * - `token_use` tells the tokens apart.
 * - People of other identity providers have `identities` in the ID Token, so a policy with `localIdp: true` refuses
 *   them.
 * - Signing out takes `client_id` and `logout_uri`, and no `state`.
 * - Refresh tokens need no scope. With rotation, the old refresh token works for a grace period of at most a minute.
 *
 * Not documented, inferred:
 *
 * - That `state` does not come back from the sign-out page.
 * - That managed login refuses frames whenever it has a page to show.
 *
 * @see Amazon Cognito Developer Guide, "The redirect and authorization endpoint", "The managed login sign-out
 *   endpoint", "Understanding user pool JSON web tokens"; the source of Amplify, `AuthWebUIPrompt`
 */
export function cognito(): ProviderProfile {
  return {
    name: 'Amazon Cognito',
    promptValues: ['none', 'login', 'select_account', 'consent'],
    accountSelection: 'login',
    maxAge: 'none',
    authTime: 'always',
    acrClaim: 'none',
    signOut: { returnParam: 'logout_uri', keepsState: false },
    audienceClaim: 'client_id',
    isAccessToken: ({ token_use }) => token_use === 'access',
    // Access tokens have no `identities` either way.
    localIdp: ({ token_use, identities }) => token_use === 'id' && identities === undefined,
  }
}
