import type { IdTokenClaims } from '../../core/claims.ts'
import { isExpired } from '../../core/id-token.ts'
import type { CodeProof, ProveRequest } from '../../core/wire.ts'
import type { Trail } from '../audit/trail.ts'
import { sha256 } from '../crypto/hash.ts'
import { isSameText } from '../crypto/mac.ts'
import { authTimeProblem } from '../http/auth-time-problem.ts'
import { problem } from '../http/problem.ts'
import { denied } from '../http/refusal.ts'
import { type OpenChallenge, openChallenge } from './challenge-in-request.ts'
import { clockProblem } from './clock-problem.ts'
import { issuedAt, readUnverified, type VerifyIdToken } from './id-token.ts'
import { type DecidedAnswer, type FreshLogin, grantAnswer } from './issue-answers.ts'
import { judgeProof } from './judge-login.ts'
import { longestChallenge } from './options.ts'
import type { ChallengeClaims } from './own-claims.ts'
import type { Policy } from './policy.ts'
import { stepUpOf } from './push.ts'
import { checkDetails, redeemCode } from './redeem-code.ts'
import type { GuardSetup } from './setup.ts'
import { proofKeys } from './store-keys.ts'
import { subjectIn } from './subject-in.ts'

/** A login that answers a challenge. */
interface Proved {
  readonly claims: IdTokenClaims
  /** The `authorization_details` of a token response, as they came. */
  readonly details?: unknown
}

/**
 * Prove: gives a grant for a login that answers one of our challenges, by its ID Token or by the code for it. The cheap
 * checks come first, and nothing of ours is used up before the last one, so a proof that is refused takes nothing away from
 * the right person. A code, which the OP redeems once, is used up earlier.
 *
 * @throws {Refusal}
 */
export async function prove(
  guard: GuardSetup,
  request: Request,
  message: ProveRequest,
  now: number,
  trail: Trail,
): Promise<DecidedAnswer> {
  const open = await openChallenge(guard, request, message.challenge, now, trail)
  const { claims: challenge, policy } = open
  const confirm = (): Promise<void> => guard.binding.confirm(request, now)
  const { claims, details } =
    'code' in message
      ? await proveByCode(guard, open, message, confirm)
      : await proveByIdToken(guard, open, message, confirm, now)
  // A code takes a while to redeem.
  const time = 'code' in message ? guard.now() : now
  const login = judge(guard, open, claims, time)
  const details_returned = checkDetails(open, details) || undefined

  await redeem(guard, challenge, policy, login.auth_time, time)
  const { sub, action, context_hash, binding, jti: challenge_jti } = challenge
  const wish = { sub, action, context_hash }
  const origin = { binding, challenge_jti, details_returned }
  const { answer, about } = await grantAnswer(guard, wish, policy, login, origin, time)
  return { answer, outcome: { event: 'granted', step: 'prove', ...about } }
}

async function proveByIdToken(
  guard: GuardSetup,
  open: OpenChallenge,
  { challenge, id_token }: { readonly challenge: string; readonly id_token: string },
  confirm: () => Promise<void>,
  now: number,
): Promise<Proved> {
  if (guard.stepUp?.isRequired)
    throw denied('not_pushed', problem('the proof', 'is an ID Token, but the guard pushes the requests'))
  await checkAnswers(guard, open.claims, id_token, challenge)
  await confirm()
  return { claims: await guard.verifyIdToken(id_token, now) }
}

async function proveByCode(
  guard: GuardSetup,
  open: OpenChallenge,
  message: CodeProof,
  confirm: () => Promise<void>,
): Promise<Proved> {
  const { idToken, details } = await redeemCode(guard, open, message, confirm)
  await checkAnswers(guard, open.claims, idToken, message.challenge)
  const verifyIdToken: VerifyIdToken = stepUpOf(guard).verifyIdToken
  const claims = await verifyIdToken(idToken, guard.now())
  return { claims, details }
}

/** What can be told before the signature is verified. @throws {Refusal} 403 */
async function checkAnswers(
  guard: GuardSetup,
  { sub }: ChallengeClaims,
  idToken: string,
  challenge: string,
): Promise<void> {
  const claimed = readUnverified(idToken)
  if (!(await isSameText(claimed.nonce, await sha256(challenge)))) throw denied('nonce_mismatch')
  if (subjectIn(guard, claimed) !== sub) throw denied('subject_mismatch')
}

/** Judges the time and the strength of a genuine login. @throws {Refusal} 403 */
function judge(
  { clockSkew, opClockBehind, providerClock, iatLag }: GuardSetup,
  { claims: challenge, policy }: OpenChallenge,
  claims: IdTokenClaims,
  now: number,
): FreshLogin {
  if (isExpired(claims, now, clockSkew)) throw denied('invalid_token', problem('exp', 'is over', claims.exp))
  // The token answers our nonce but is dated before it, so the OP's clock is too far behind to compare an auth_time
  // with ours.
  const behind = challenge.iat - issuedAt(claims, iatLag)
  if (!(behind <= clockSkew)) throw denied('clock_skew', clockProblem(behind))
  const time = { now, clockSkew, opClockBehind, providerBehind: providerClock.behind() }
  const failure = judgeProof(policy, { claims, isComplete: true }, challenge, time)
  if (failure === 'clock_skew') throw denied(failure, clockProblem(time.providerBehind))
  if (failure !== null) throw denied(failure, authTimeProblem(failure, claims.auth_time))
  // A proof that was judged fresh has a safe integer here.
  return { ...claims, auth_time: claims.auth_time as number }
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
