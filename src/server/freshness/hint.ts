import { ConfigurationError } from '../../core/errors.ts'
import { judgeStanding } from './judge-login.ts'
import type { GuardSetup } from './setup.ts'

/**
 * How long a login stays fresh enough, for the page to show. The guard never decides by a hint: it checks each call
 * anew.
 */
export interface FreshnessHint<Action extends string = string> {
  /** Marks it as a hint, so that the types keep it out of decisions. */
  readonly hint: true
  /** The action that the hint is about, as it stands in `actions` of the guard. */
  readonly action: Action
  /**
   * Whole seconds until a new login is needed. It is 0 if one is needed already. It is always 0 under `reauthenticate`,
   * and for an action with `authorizationDetails`.
   */
  readonly secondsLeft: number
}

/** The hint for one action. @throws {ConfigurationError} for an action that is not configured */
export function hintOf<Action extends string>(
  { policies, now, clockSkew }: Pick<GuardSetup, 'policies' | 'now' | 'clockSkew'>,
  action: Action,
  claims: Readonly<Record<string, unknown>>,
): FreshnessHint<Action> {
  const policy = policies.get(action)
  if (!policy) throw new ConfigurationError(`Action "${action}" is not configured`)
  const time = now()
  const isMet = judgeStanding(policy, { claims, isComplete: true }, { now: time, clockSkew }) === null
  const isFresh = !policy.reauthenticate && !policy.authorizationDetails && isMet
  // The skew is left out, so that no page promises what the guard may refuse a moment later.
  const age = isFresh ? Math.max(0, time - (claims.auth_time as number)) : Number.POSITIVE_INFINITY
  return { hint: true, action, secondsLeft: Math.max(0, (policy.maxAge ?? 0) - age) }
}
