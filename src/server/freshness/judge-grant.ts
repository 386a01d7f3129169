import { grantHeader } from '../../core/wire.ts'
import type { Trail } from '../audit/trail.ts'
import { isSameText } from '../crypto/mac.ts'
import type { GrantFailure } from '../http/guard-error.ts'
import type { Wish } from './issue-answers.ts'
import type { GrantClaims } from './own-claims.ts'
import { grantType } from './own-tokens.ts'
import type { Policy } from './policy.ts'
import { policyDigest } from './policy-digest.ts'
import type { GuardSetup } from './setup.ts'

/**
 * Reads the grant that a request carries, and checks that it is for this action, person, context, policy and browser.
 * It does *not* use the grant up, so one that is presented for the wrong thing can still be used for the right one.
 *
 * @returns the grant's claims, or why it cannot be used
 * @throws {Refusal} 401 for a DPoP proof that does not hold
 */
export async function judgeGrant(
  guard: GuardSetup,
  request: Request,
  wish: Wish,
  policy: Policy,
  now: number,
  trail: Trail,
): Promise<GrantClaims | GrantFailure> {
  const token = request.headers.get(grantHeader)
  if (token === null) return 'grant_missing'
  const read = await guard.tokens.read(grantType, token, now)
  if (read.state === 'invalid') return 'grant_invalid'
  const { claims: grant } = read
  // Not its action or its person: those are what the backend says.
  trail.note({ jti: grant.jti })
  if (read.state === 'expired') return 'grant_expired'
  if (grant.action !== wish.action) return 'action_mismatch'
  if (grant.sub !== wish.sub) return 'subject_mismatch'
  if (grant.context_hash !== wish.context_hash) return 'context_mismatch'
  if (!(await isSameText(grant.policy, await policyDigest(policy)))) return 'policy_changed'
  if (!(await guard.binding.matches(request, grant.binding))) return 'binding_mismatch'
  await guard.binding.confirm(request, now)
  return grant
}
