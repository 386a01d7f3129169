import type { Trail } from '../audit/trail.ts'
import { problem } from '../http/problem.ts'
import { denied } from '../http/refusal.ts'
import type { ChallengeClaims } from './own-claims.ts'
import { challengeType, type Derive } from './own-tokens.ts'
import { type Policy, policyOf } from './policy.ts'
import type { GuardSetup } from './setup.ts'

/** A challenge of ours that this browser may answer now. */
export interface OpenChallenge {
  readonly claims: ChallengeClaims
  /** What the action needs today. */
  readonly policy: Policy
  readonly derive: Derive
}

/**
 * Reads the challenge that comes back in a Push or a Prove, and checks, cheaply, that its browser sends it.
 * `guard.binding.confirm` has to follow.
 *
 * @throws {Refusal} 403 `invalid_token`, `challenge_expired` or `binding_mismatch`; 400 for an action that is no more
 */
export async function openChallenge(
  guard: GuardSetup,
  request: Request,
  token: string,
  now: number,
  trail: Trail,
): Promise<OpenChallenge> {
  const challenge = await guard.tokens.read(challengeType, token, now)
  if (challenge.state === 'invalid')
    throw denied('invalid_token', problem('the challenge', 'is none of this guard'))
  trail.note(challenge.claims)
  if (challenge.state === 'expired') throw denied('challenge_expired')
  const { claims, derive } = challenge
  const policy = policyOf(guard.policies, claims.action)
  if (!(await guard.binding.matches(request, claims.binding))) throw denied('binding_mismatch')
  return { claims, policy, derive }
}
