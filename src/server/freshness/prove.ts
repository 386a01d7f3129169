import { isExpired } from '../../core/id-token.ts'
import type { ProveRequest } from '../../core/wire.ts'
import { isSameText, sha256 } from '../crypto/hash.ts'
import type { Answer } from '../http/answer.ts'
import { denied } from '../http/refusal.ts'
import { readBinding } from './binding.ts'
import { grantAnswer } from './issue.ts'
import type { GuardSetup } from './options.ts'
import { challengeType } from './own-tokens.ts'
import { judge, policyOf } from './policy.ts'

/**
 * Prove: a grant for an ID Token that answers a challenge of ours. The checks stand in the order of the
 * protocol. Nothing is used up before the last of them, so nobody can spoil another person's challenge with a
 * proof that does not hold.
 *
 * @throws {Refusal}
 */
export async function prove(
  guard: GuardSetup,
  request: Request,
  message: ProveRequest,
  now: number,
): Promise<Answer> {
  const { clockSkew, store } = guard
  const challenge = await guard.tokens.read(challengeType, message.challenge, now)
  if (challenge === 'invalid') throw denied('invalid_token')
  if (challenge === 'expired') throw denied('challenge_expired')
  const policy = policyOf(guard.policies, challenge.action)

  const claims = await guard.verifyIdToken(message.id_token, now)
  if (isExpired(claims, now, clockSkew)) throw denied('invalid_token')
  if (!isSameText(claims.nonce, await sha256(message.challenge))) throw denied('nonce_mismatch')
  if (!isSameText(await readBinding(guard, request, now), challenge.binding)) throw denied('binding_mismatch')
  if (claims.sub !== challenge.sub) throw denied('subject_mismatch')
  // Minted for our nonce, yet dated before it: the OP's clock is too slow to compare an auth_time with ours.
  if (!(claims.iat >= challenge.iat - clockSkew)) throw denied('clock_skew')
  const failure = judge(policy, claims, challenge, now, clockSkew)
  if (failure !== null) throw denied(failure)

  await (await guard.readProof(request, now))?.spend()
  const { jti, iss, sub, exp, binding } = challenge
  if (!(await store.consume(`challenge ${jti}`, exp - now + clockSkew))) throw denied('already_used')
  if (policy.reauthenticate) {
    // One login serves one challenge, also when several were open. Remembered for longer than any of them.
    const ttl = Math.max(1_200, guard.challengeTtl + 2 * clockSkew)
    const isNewer = await store.advance(`login ${iss} ${sub}`, claims.auth_time as number, ttl)
    if (!isNewer) throw denied('stale')
  }
  const { action, context_hash } = challenge
  const wish = { sub, action, context_hash }
  return grantAnswer(guard, wish, policy, claims, { binding, challenge_jti: jti }, now)
}
