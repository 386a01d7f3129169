import type { ProviderProfile } from './provider-profile.ts'

/**
 * The authentication contexts that a token reports: those in the list `acrs` for the profile's `acrClaim: 'acrs'`, else
 * the one in `acr`. What is no text counts as absent.
 *
 * @param acrClaim of the profile. Default: `voluntary`
 * @see OpenID Connect Core 1.0 §2 (`acr`)
 */
export function acrsOf(
  claims: { readonly acr?: unknown; readonly acrs?: unknown },
  acrClaim?: ProviderProfile['acrClaim'],
): readonly string[] {
  const { acr, acrs } = claims
  const reported: readonly unknown[] = acrClaim !== 'acrs' ? [acr] : Array.isArray(acrs) ? acrs : []
  return reported.filter(value => typeof value === 'string')
}
