import { isExpired } from '../../core/id-token.ts'
import type { IdTokenProof } from '../../core/wire.ts'
import type { Trail } from '../audit/trail.ts'
import { sha256 } from '../crypto/hash.ts'
import { isSameText } from '../crypto/mac.ts'
import { authTimeProblem } from '../http/auth-time-problem.ts'
import { problem } from '../http/problem.ts'
import { denied } from '../http/refusal.ts'
import { clockProblem } from './clock-problem.ts'
import { issuedAt, readUnverified } from './id-token.ts'
import { type DecidedAnswer, grantAnswer } from './issue-answers.ts'
import { judgeProof } from './judge-login.ts'
import { longestChallenge } from './options.ts'
import { type ChallengeClaims, challengeType } from './own-tokens.ts'
import { type Policy, policyOf } from './policy.ts'
import type { GuardSetup } from './setup.ts'
import { proofKeys } from './store-keys.ts'
import { subjectIn } from './subject-in.ts'

/**
 * Prove: gives a grant for an ID Token that answers one of our challenges. The cheap checks come first, and nothing is
 * used up before the last one, so a proof that is refused takes nothing away from the right person.
 *
 * @throws {Refusal}
 */
export async function prove(
  guard: GuardSetup,
  request: Request,
  message: IdTokenProof,
  now: number,
  trail: Trail,
): Promise<DecidedAnswer> {
  const { clockSkew, opClockBehind, providerClock } = guard
  const challenge = await readChallenge(guard, message.challenge, now, trail)
  const policy = policyOf(guard.policies, challenge.action)
  if (!(await guard.binding.matches(request, challenge.binding))) throw denied('binding_mismatch')
  const claimed = readUnverified(message.id_token)
  if (!(await isSameText(claimed.nonce, await sha256(message.challenge)))) throw denied('nonce_mismatch')
  if (subjectIn(guard, claimed) !== challenge.sub) throw denied('subject_mismatch')

  await guard.binding.confirm(request, now)
  const claims = await guard.verifyIdToken(message.id_token, now)
  if (isExpired(claims, now, clockSkew)) throw denied('invalid_token', problem('exp', 'is over', claims.exp))
  // The token answers our nonce but is dated before it, so the OP's clock is too far behind to compare an auth_time
  // with ours.
  const behind = challenge.iat - issuedAt(claims, guard.iatLag)
  if (!(behind <= clockSkew)) throw denied('clock_skew', clockProblem(behind))
  const time = { now, clockSkew, opClockBehind, providerBehind: providerClock.behind() }
  const failure = judgeProof(policy, { claims, isComplete: true }, challenge, time)
  if (failure === 'clock_skew') throw denied(failure, clockProblem(time.providerBehind))
  if (failure !== null) throw denied(failure, authTimeProblem(failure, claims.auth_time))

  // A proof that was judged fresh has a safe integer here.
  const login = { ...claims, auth_time: claims.auth_time as number }
  await redeem(guard, challenge, policy, login.auth_time, now)
  const { sub, action, context_hash, binding, jti: challenge_jti } = challenge
  const wish = { sub, action, context_hash }
  const { answer, about } = await grantAnswer(guard, wish, policy, login, { binding, challenge_jti }, now)
  return { answer, outcome: { event: 'granted', step: 'prove', ...about } }
}

async function readChallenge(
  guard: GuardSetup,
  token: string,
  now: number,
  trail: Trail,
): Promise<ChallengeClaims> {
  const challenge = await guard.tokens.read(challengeType, token, now)
  if (challenge.state === 'invalid')
    throw denied('invalid_token', problem('the challenge', 'is none of this guard'))
  trail.note(challenge.claims)
  if (challenge.state === 'expired') throw denied('challenge_expired')
  return challenge.claims
}

/**
 * Uses the challenge up. Under `reauthenticate` it uses the login up as well, because a login serves one challenge
 * only.
 */
async function redeem(
  { store, clockSkew }: GuardSetup,
  { iss, sub, jti, exp }: ChallengeClaims,
  { reauthenticate }: Policy,
  authTime: number,
  now: number,
): Promise<void> {
  const keys = await proofKeys(iss, sub, jti)
  // The clocks of two processes may differ by the skew in either direction.
  const left = exp - now + 2 * clockSkew
  if (!reauthenticate) {
    if (await store.consume(keys.challenge, left)) return
    throw denied('already_used')
  }
  // Another guard of the same OP, or this one before a deploy, may have issued longer challenges.
  const ttl = longestChallenge + 2 * clockSkew
  const redemption = await store.redeem(keys.challenge, keys.login, authTime, ttl)
  if (redemption === 'used') throw denied('already_used')
  if (redemption === 'older') throw denied('stale')
}
