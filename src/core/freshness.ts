import { acrsOf } from './acr.ts'
import type { ProviderProfile } from './provider-profile.ts'

/** How recently and how strongly a person must have authenticated. All times in seconds, `after` and `baseline` in epoch seconds. */
export interface FreshnessRequirement {
  /** How many seconds old the login may be; `0` still admits one of `clockSkew` seconds ago. */
  readonly maxAge?: number | undefined
  /** The login must be later than this second, whatever the skew: when the challenge was issued, by the OP's clock. */
  readonly after?: number | undefined
  /** The login must be newer than this: the `auth_time` that the person had when the challenge was made. */
  readonly baseline?: number | undefined
  /** One of these must be the `acr`. */
  readonly acrValues?: readonly string[] | undefined
  /** Where the `acr` is reported, as a profile says. Default: in `acr`. */
  readonly acrClaim?: ProviderProfile['acrClaim'] | undefined
  /** Each of these must be in `amr`. */
  readonly amr?: readonly string[] | undefined
}

/** The claims that say how a person logged in. */
export interface LoginClaims {
  readonly auth_time?: unknown
  readonly acr?: unknown
  readonly acrs?: unknown
  readonly amr?: unknown
}

/** Why a login does not meet a requirement. */
export type FreshnessFailure =
  | 'auth_time_missing'
  | 'invalid_token'
  | 'auth_time_in_future'
  | 'stale'
  | 'acr_unmet'
  | 'amr_unmet'

/**
 * Judges the claims of a verified ID Token or access token against a requirement. Pure: the clock is an argument. Every
 * comparison is written so that `NaN` fails it. `iat` never replaces `auth_time`.
 *
 * @param now epoch seconds, whole
 * @param clockSkew seconds by which OP and server may disagree, for `maxAge` and for what lies in the future
 * @returns null when the requirement is met, or else why not
 * @see OpenID Connect Core 1.0 §2 (`auth_time`), §3.1.2.1 (`max_age`); RFC 9470 §6
 */
export function evaluateFreshness(
  claims: LoginClaims,
  requirement: FreshnessRequirement,
  now: number,
  clockSkew: number,
): FreshnessFailure | null {
  const { auth_time: authTime } = claims
  const { maxAge, after, baseline, acrValues, acrClaim, amr } = requirement
  if (authTime === undefined || authTime === null) return 'auth_time_missing'
  if (!Number.isSafeInteger(authTime)) return 'invalid_token'
  const at = authTime as number
  if (!(at <= now + clockSkew)) return 'auth_time_in_future'
  if (maxAge !== undefined && !(now - at <= maxAge + clockSkew)) return 'stale'
  if (after !== undefined && !(at > after)) return 'stale'
  if (baseline !== undefined && !(at > baseline)) return 'stale'
  if (acrValues !== undefined && metAcr(claims, acrValues, acrClaim) === undefined) return 'acr_unmet'
  const methods = Array.isArray(claims.amr) ? claims.amr : []
  if (amr !== undefined && !amr.every(method => methods.includes(method))) return 'amr_unmet'
  return null
}

/**
 * The `acr` by which a login meets a requirement: the first of `acrValues` that is reported, or undefined. Without
 * `acrValues`, the first that is reported.
 *
 * @param acrClaim of the profile. Default: `voluntary`
 */
export function metAcr(
  claims: LoginClaims,
  acrValues: readonly string[] | undefined,
  acrClaim?: ProviderProfile['acrClaim'],
): string | undefined {
  const reported = acrsOf(claims, acrClaim)
  return acrValues === undefined ? reported[0] : acrValues.find(value => reported.includes(value))
}
