import type { ProviderProfile } from './provider-profile.ts'
import type { AuthorizationRequest } from './tokens.ts'

/** Seconds: a year. */
const anyAge = 31_536_000

/**
 * The `max_age` of a request, in seconds. Without the claims parameter, `auth_time` is asked for by an age that no login
 * has.
 *
 * @param takesClaims whether discovery lists the claims parameter
 * @see OpenID Connect Core 1.0 §2 (`auth_time` is required when `max_age` is in the request)
 */
export function askedAge(
  { maxAge, preferredMaxAge = Infinity }: Pick<AuthorizationRequest, 'maxAge' | 'preferredMaxAge'>,
  { maxAge: honoured, authTime = 'requested' }: Pick<ProviderProfile, 'maxAge' | 'authTime'>,
  takesClaims: boolean,
): number | undefined {
  if (maxAge !== undefined) return maxAge
  const helps = honoured !== 'none' && (authTime === 'requested' || authTime === 'login')
  const age = Math.min(preferredMaxAge, helps && !takesClaims ? anyAge : Infinity)
  return age === Infinity ? undefined : age
}
