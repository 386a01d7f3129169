import { ConfigurationError } from '../../core/errors.ts'
import { judgeStanding } from './judge.ts'
import type { GuardSetup } from './setup.ts'

/** For the page only: what it shows. The guard decides anew whenever it is asked, and never by a hint. */
export interface FreshnessHint<Action extends string = string> {
  /** Tells a hint from anything that a decision is made of, in types too. */
  readonly hint: true
  readonly action: Action
  /** Until a login will be asked for, whole seconds; 0 when it will be already, always so under `reauthenticate`. */
  readonly secondsLeft: number
}

/** @throws {ConfigurationError} for an action that is not configured */
export function hintOf<Action extends string>(
  { policies, now, clockSkew }: Pick<GuardSetup, 'policies' | 'now' | 'clockSkew'>,
  action: Action,
  claims: Readonly<Record<string, unknown>>,
): FreshnessHint<Action> {
  const policy = policies.get(action)
  if (!policy) throw new ConfigurationError(`Action "${action}" is not configured`)
  const time = now()
  const isMet = judgeStanding(policy, { claims, isComplete: true }, { now: time, clockSkew }) === null
  const isFresh = !policy.reauthenticate && isMet
  // Without the skew, so that no page promises what the guard may refuse a moment later.
  const age = isFresh ? Math.max(0, time - (claims.auth_time as number)) : Number.POSITIVE_INFINITY
  return { hint: true, action, secondsLeft: Math.max(0, (policy.maxAge ?? 0) - age) }
}
