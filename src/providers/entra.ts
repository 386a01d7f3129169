import { ConfigurationError } from '../core/errors.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'

/** Whose people may sign in. */
export interface EntraOptions {
  /**
   * The people that Microsoft's page lets in: `organizations`, `common`, or one tenant by its id or domain. Default: the tenant
   * of the configured issuer, or `organizations` where there are `tenants`.
   */
  readonly tenant?: string
  /** The ids of the tenants whose people this app takes. Required for `organizations` and `common`: never all of them. */
  readonly tenants?: readonly string[]
  /** The cloud's origin. Default: `https://login.microsoftonline.com`. */
  readonly authority?: string
}

/**
 * The profile of Microsoft Entra ID, by its v2.0 endpoints.
 *
 * To set up at Entra:
 *
 * 1. Register the app, with the callback page as redirect URI of the type single-page application.
 * 2. Add the optional claim `auth_time` to ID Tokens, and to the API's access tokens. Without it every step-up is
 *    denied (`auth_time_missing`).
 * 3. Set `requestedAccessTokenVersion: 2` for the API.
 * 4. For policies with `acrValues`, make authentication contexts (`c1` to `c99`), and the Conditional Access policies
 *    that they start.
 * 5. Take the issuer `https://login.microsoftonline.com/tenant-id/v2.0`. For several tenants, list them in `tenants`,
 *    and write the issuer exactly like this, with the braces: `https://login.microsoftonline.com/{tenantid}/v2.0`. You
 *    cannot accept every tenant.
 *
 * Documented:
 *
 * - `prompt` takes `login`, `none`, `consent` and `select_account`. `select_account` cannot be combined with a
 *   `login_hint`.
 * - `auth_time` is an optional claim.
 * - A step-up that needs more than a password asks for an authentication context, such as `acrValues: ['c1']`. It is
 *   sent in the `claims` parameter, as an essential claim `acrs`. APIs ask for one by answering 401
 *   `insufficient_claims`.
 * - `sub` is different in each app. So people are known by tenant and object id (`tid.oid`), both in challenges and in
 *   `require`. The scope `profile` is needed for that.
 * - An access token is for one API, which its scopes name (`api://id/scope`), and has its scopes in `scp`. A v2.0 token
 *   has the API's client id as `aud`. Give that id to the access token guard as `audience`.
 * - For `organizations` and `common` the discovery document names the issuer as a template.
 * - A refresh token for a single-page app works for 24 hours.
 *
 * Not documented, inferred:
 *
 * - That `iat` and `nbf` are dated 300 seconds back, as apps have reported of all their tokens. The rules about time
 *   take that into account. If your tenant's tokens are not dated back, every new token is refused (`clock_skew`): use
 *   `{ ...entra(), iatLag: 0 }`.
 * - Whether `max_age` is honoured: Microsoft's reference does not have it. So a step-up that has to ask the person
 *   sends `prompt=login`.
 * - That ID Tokens have no `scp`.
 * - That `idp` shows that a person is a guest, but not that the person's domain is federated. So the profile has
 *   no `localIdp`.
 *
 * @throws a `ConfigurationError`, for `organizations` or `common` without `tenants`
 * @see Microsoft identity platform: "OAuth 2.0 authorization code flow", "ID token claims reference", "Access token
 *   claims reference", "Optional claims reference", "Developer guide to Conditional Access authentication context"
 * @see AppAuth-iOS issue 264; aad-sso-wordpress issue 34 (`iat`)
 */
export function entra({
  tenants,
  tenant = tenants && 'organizations',
  authority = 'https://login.microsoftonline.com',
}: EntraOptions = {}): ProviderProfile {
  if ((tenant === 'organizations' || tenant === 'common') && !tenants?.length)
    throw new ConfigurationError(
      `entra({ tenant: '${tenant}' }) needs \`tenants\`: the ids of those whom the app takes`,
    )
  const metadataUrl = tenant && `${authority}/${tenant}/v2.0/.well-known/openid-configuration`
  return {
    name: 'Microsoft Entra ID',
    ...(metadataUrl && { metadataUrl }),
    ...(tenants && { issuers: tenants.map(id => `${authority}/${id}/v2.0`) }),
    scope: 'openid profile email offline_access',
    resourceParam: 'none',
    promptValues: ['none', 'login', 'consent', 'select_account'],
    accountSelection: 'select_account',
    maxAge: 'none',
    authTime: 'always',
    iatLag: 300,
    acrClaim: 'acrs',
    subjectOf: ({ tid, oid }) =>
      typeof tid === 'string' && typeof oid === 'string' ? `${tid}.${oid}` : undefined,
    isAccessToken: ({ scp }) => typeof scp === 'string',
  }
}
