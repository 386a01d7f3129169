import type { RefusalCode } from '../../core/errors.ts'
import { evaluateFreshness, type FreshnessRequirement } from '../../core/freshness.ts'
import type { Policy } from './policy.ts'

type Claims = Readonly<Record<string, unknown>>

/** What is known of how a person authenticated. */
export interface Evidence {
  readonly claims: Claims
  /** Whether `claims` are everything that a verified ID Token says. False for the little that `authenticate` gives. */
  readonly isComplete: boolean
}

/** The clock by which claims are judged. Seconds, `now` in epoch seconds. */
export interface JudgeClock {
  readonly now: number
  readonly clockSkew: number
}

/** Judges everything that a policy asks, except that the login is a new one. @returns null when it is met */
export function judgeStanding(policy: Policy, evidence: Evidence, clock: JudgeClock): RefusalCode | null {
  return judgeBy({}, policy, evidence, clock)
}

/** What a challenge says of the moment when it was made. */
export interface ChallengeMoment {
  readonly iat: number
  readonly op_offset: number
  readonly auth_time?: number | undefined
}

/** What is known of the OP's clock when a proof is judged. Seconds. */
export interface ProviderTime extends JudgeClock {
  /** The most by which it is behind ours, as measured; undefined when it has not been measured. */
  readonly providerBehind: number | undefined
  /** By how much the guard's options say that it may be behind. */
  readonly opClockBehind: number
}

/**
 * Judges a proof. Under `reauthenticate` the login must be one that the challenge brought about: in a later second than
 * the challenge by the OP's clock, and newer than the login that the person had then. There is no tolerance, because a
 * script can ask for a challenge right after an ordinary sign-in. The store, not this function, makes sure that a login
 * serves one challenge only.
 *
 * @returns null when the policy is met; `clock_skew` when only the OP's slow clock stands in the way; else why not
 */
export function judgeProof(
  policy: Policy,
  evidence: Evidence,
  challenge: ChallengeMoment,
  time: ProviderTime,
): RefusalCode | null {
  if (!policy.reauthenticate) return judgeStanding(policy, evidence, time)
  const { auth_time: baseline, iat, op_offset } = challenge
  const after = iat - op_offset - time.opClockBehind
  const failure = judgeBy({ after, baseline }, policy, evidence, time)
  const { providerBehind = 0, clockSkew } = time
  if (failure !== 'stale' || !(providerBehind > 0)) return failure
  const lenient = { after: after - Math.min(providerBehind, clockSkew), baseline }
  return judgeBy(lenient, policy, evidence, time) === null ? 'clock_skew' : failure
}

function judgeBy(
  login: Pick<FreshnessRequirement, 'after' | 'baseline'>,
  policy: Policy,
  { claims, isComplete }: Evidence,
  { now, clockSkew }: JudgeClock,
): RefusalCode | null {
  const { maxAge, acrValues, acrClaim, amr, localIdp } = policy
  const requirement = { maxAge, acrValues, acrClaim, amr, ...login }
  const failure = evaluateFreshness(claims, requirement, now, clockSkew)
  if (failure !== null || localIdp === undefined) return failure
  // A rule may look for the absence of a claim, which says nothing where most claims are not known.
  return isComplete && localIdp(claims) === true ? null : 'federated'
}
