import type { ProviderProfile } from './provider-profile.ts'

/** The claims that report authentication contexts. */
export interface AcrClaims {
  readonly acr?: unknown
  readonly acrs?: unknown
}

/**
 * The authentication contexts that a token reports: those in the list `acrs` for the profile's `acrClaim: 'acrs'`, else
 * the one in `acr`. What is no text counts as absent.
 *
 * @param acrClaim of the profile. Default: `voluntary`
 * @see OpenID Connect Core 1.0 §2 (`acr`)
 */
export function acrsOf(claims: AcrClaims, acrClaim?: ProviderProfile['acrClaim']): readonly string[] {
  const { acr, acrs } = claims
  const reported: readonly unknown[] = acrClaim !== 'acrs' ? [acr] : Array.isArray(acrs) ? acrs : []
  return reported.filter(value => typeof value === 'string')
}

/**
 * Whether a token reports authentication contexts, and none of those that were asked for. One that reports none at all is
 * for the server to judge.
 *
 * @param acrValues absent: nothing was asked for
 * @param acrClaim of the profile
 */
export function hasOtherAcr(
  claims: AcrClaims,
  acrValues: readonly string[] | undefined,
  acrClaim?: ProviderProfile['acrClaim'],
): boolean {
  const reported = acrsOf(claims, acrClaim)
  return acrValues !== undefined && reported.length > 0 && !reported.some(acr => acrValues.includes(acr))
}
