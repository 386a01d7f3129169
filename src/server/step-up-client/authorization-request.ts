import { isRecord } from '../../core/claims.ts'
import { defined } from '../../core/defined.ts'
import type { ProviderProfile } from '../../core/provider-profile.ts'
import { stepUpRequest } from '../../core/step-up-request.ts'
import type { AuthorizationDetail } from '../freshness/approval.ts'
import type { ChallengeTerms } from '../freshness/challenge-terms.ts'
import type { Metadata } from '../provider/discovery.ts'

/** What one request is for. */
export interface Approach {
  readonly terms: ChallengeTerms
  readonly nonce: string
  readonly state: string
  /** base64url(SHA-256(verifier)). */
  readonly codeChallenge: string
  readonly details: readonly AuthorizationDetail[] | undefined
  readonly loginHint: string | undefined
  readonly uiLocales: string | undefined
}

/**
 * The parameters of the authorization request that answers a challenge, in the words this OP understands. A hint
 * names the person and guarantees nothing: only the `sub` that comes back counts.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1, RFC 7636 §4.3, RFC 9396 §2
 */
export function authorizationRequest(
  { terms, nonce, state, codeChallenge, details, loginHint, uiLocales }: Approach,
  { clientId, redirectUri }: { readonly clientId: string; readonly redirectUri: string },
  profile: ProviderProfile,
  metadata: Metadata,
): Readonly<Record<string, string>> {
  const { prompt, max_age: maxAge, acr_values: acrs } = terms
  const demand = defined({ prompt, maxAge, acrValues: acrs?.split(' ') })
  const asked = stepUpRequest(demand, { iss: '', sub: '' }, profile)
  const { claims, ...extra } = profileParameters(profile)
  return {
    ...extra,
    ...{
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: 'openid',
      state,
      nonce,
    },
    ...{
      response_mode: responseMode(metadata),
      code_challenge: codeChallenge,
      code_challenge_method: 'S256',
    },
    ...defined({
      prompt: asked.prompt,
      max_age: asked.maxAge?.toString(),
      login_hint: loginHint,
      ui_locales: uiLocales,
      acr_values: profile.acrClaim === 'acrs' ? undefined : acrs,
      claims: claimsParameter(claims, idTokenClaims(asked.acrValues, profile, metadata)),
      authorization_details: details && JSON.stringify(details),
    }),
  }
}

/** In a fragment the code reaches no server log. An OP that lists no modes has both (Discovery 1.0 §3). */
function responseMode({ response_modes_supported: modes }: Metadata): 'query' | 'fragment' {
  return Array.isArray(modes) && !modes.includes('fragment') ? 'query' : 'fragment'
}

/** Some OPs tell `auth_time` only when asked. @see OpenID Connect Core 1.0 §5.5, §5.5.1.1 */
function idTokenClaims(
  values: readonly string[] | undefined,
  { acrClaim }: ProviderProfile,
  { claims_parameter_supported: takesClaims }: Metadata,
): Readonly<Record<string, unknown>> {
  const context = { essential: true, ...(values?.length === 1 ? { value: values[0] } : { values }) }
  return {
    ...(takesClaims === true && { auth_time: { essential: true } }),
    ...(values && acrClaim === 'essential' && { acr: { essential: true, values } }),
    ...(values && acrClaim === 'acrs' && { acrs: context }),
  }
}

/** The profile's own parameters, such as one that names an upstream provider. */
function profileParameters({ authorizationParams: given }: ProviderProfile): Record<string, string> {
  return { ...(typeof given === 'function' ? given('step_up') : given) }
}

function claimsParameter(
  given: string | undefined,
  ours: Readonly<Record<string, unknown>>,
): string | undefined {
  const asked: unknown = given === undefined ? {} : JSON.parse(given)
  const others = isRecord(asked) ? asked : {}
  const idToken = { ...(isRecord(others.id_token) && others.id_token), ...ours }
  const claims = { ...others, ...(Object.keys(idToken).length > 0 && { id_token: idToken }) }
  return Object.keys(claims).length > 0 ? JSON.stringify(claims) : undefined
}
