import { ConfigurationError } from '../../core/errors.ts'
import { type GrantFailure, GuardError } from '../http/guard-error.ts'
import { isCrossSite, withCors } from '../http/origin.ts'
import { failed } from '../http/refusal.ts'
import type { StoreWithin } from '../stores/store.ts'
import { challengeAnswer, type Wish } from './issue-answers.ts'
import { judgeGrant } from './judge-grant.ts'
import type { GrantClaims } from './own-tokens.ts'
import type { Policy } from './policy.ts'
import type { GuardSetup } from './setup.ts'
import { grantKey } from './store-keys.ts'
import { type RequireOptions, readUseOptions } from './use-options.ts'

/** For the ledger: who did what, and how and when that person authenticated for it. */
export interface StepUpRecord {
  readonly subject: string
  readonly action: string
  /** Epoch seconds. */
  readonly authTime: number
  /** The one that met the policy, where the login reports several (`acrs`). */
  readonly acr: string | undefined
  readonly amr: readonly string[] | undefined
  readonly contextHash: string | undefined
  /** The `jti` of the answered challenge; undefined when the person was fresh enough without one. */
  readonly challengeId: string | undefined
}

/** A grant that holds for a call, and is not used up yet. */
export interface UsableGrant {
  readonly record: StepUpRecord
  /** Uses the grant up. Resolves with false when it was used before. Errors of the store reject unchanged. */
  readonly spend: (store: StoreWithin) => Promise<boolean>
  /** Makes the 401 for a grant that was used before. */
  readonly refuse: () => Promise<GuardError>
}

/**
 * Use, up to the moment when the grant is consumed: checks that the request's grant is for this action, person, context
 * and browser.
 *
 * @throws {GuardError} `step_up_required`
 * @throws {Refusal} 400 for a context without canonical JSON, or a page of another site
 * @throws {ConfigurationError} for an action that is not configured, and for options that make no sense
 */
export async function findGrant(
  guard: GuardSetup,
  request: Request,
  action: string,
  options: RequireOptions,
  now: number,
): Promise<UsableGrant> {
  const policy = guard.policies.get(action)
  if (!policy) throw new ConfigurationError(`Action "${action}" is not configured`)
  const { subject, authTime, hash } = await readUseOptions(action, policy, options, now + guard.clockSkew)
  const wish = { sub: subject, action, context_hash: hash }
  const refuse = (reason: GrantFailure): Promise<GuardError> =>
    stepUpRequired(guard, request, wish, policy, authTime, reason)

  const grant = await judgeGrant(guard, request, wish, policy, now)
  if (typeof grant === 'string') throw await refuse(grant)
  return {
    record: recordOf(grant),
    spend: store => store.consume(grantKey(grant.jti), grant.exp - now + 2 * guard.clockSkew),
    refuse: () => refuse('already_used'),
  }
}

function recordOf(grant: GrantClaims): StepUpRecord {
  const { sub: subject, action, auth_time: authTime, acr, amr, context_hash, challenge_jti } = grant
  return { subject, action, authTime, acr, amr, contextHash: context_hash, challengeId: challenge_jti }
}

async function stepUpRequired(
  guard: GuardSetup,
  request: Request,
  wish: Wish,
  policy: Policy,
  baseline: number | undefined,
  reason: GrantFailure,
): Promise<GuardError> {
  // Our cookie would not come back from there, so a challenge could never be answered.
  if (!guard.dpop && isCrossSite(request)) throw failed('cross_site')
  const answer = await challengeAnswer(guard, request, wish, policy, baseline)
  return new GuardError('step_up_required', withCors(request, guard.origins, answer), { reason })
}
