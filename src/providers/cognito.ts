import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of Amazon Cognito user pools, with managed login.
 *
 * Documented: `prompt` takes `none`, which may end in `login_required`, and `login`, which asks again and may be passed on
 * to other identity providers; `consent` and `select_account` do nothing but be passed on, so another person signs in with
 * `login`. `max_age` and `acr_values` are no parameters there, so a step-up asks with `prompt=login`. ID Tokens and
 * access tokens carry `auth_time`. An access token names its client in `client_id` and has no `aud` unless a `resource`
 * was asked for; `token_use` tells the tokens apart. People of other identity providers have `identities` in the ID
 * Token. Signing out takes `client_id` and `logout_uri`, and no `state`. Refresh tokens come without a scope; with
 * rotation, the old one lives on for a grace period of at most a minute.
 *
 * Tokens are to have `acr` and `amr` one day, as its page says, but no request can ask for a level.
 *
 * Not documented, inferred: that `state` does not come back from the sign-out page; that managed login refuses frames
 * whenever it has a page to show.
 *
 * To set up at Cognito: a domain with managed login (the classic hosted pages take no `prompt`), an app client without a
 * secret, the callback page as allowed callback URL and allowed sign-out URL. The issuer is
 * `https://cognito-idp.region.amazonaws.com/pool`. An API that takes tokens with a `resource` says
 * `audienceClaim: 'aud'`.
 *
 * @see Amazon Cognito Developer Guide, "The redirect and authorization endpoint", "The managed login sign-out endpoint",
 *   "Understanding user pool JSON web tokens"; the source of Amplify, `AuthWebUIPrompt`
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
