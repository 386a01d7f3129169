import { evaluateFreshness } from '../../core/freshness.ts'
import { isExpired } from '../../core/id-token.ts'
import type { AskRequest } from '../../core/wire.ts'
import type { Answer } from '../http/answer.ts'
import { denied, failed } from '../http/refusal.ts'
import { ensureBinding } from './binding.ts'
import { challengeAnswer, type Evidence, grantAnswer } from './issue.ts'
import type { GuardSetup } from './options.ts'
import { judge, policyOf } from './policy.ts'

interface Person {
  readonly sub: string
  readonly evidence: Evidence
  /** An expired session still names the person, but proves nothing. */
  readonly expired: boolean
}

/** Ask: a grant for a person who is fresh enough already, else a challenge. @throws {Refusal} */
export async function ask(
  guard: GuardSetup,
  request: Request,
  message: AskRequest,
  now: number,
): Promise<Answer> {
  const { action, context_hash } = message
  const policy = policyOf(guard.policies, action)
  if (policy.context === 'required' && context_hash === undefined) throw failed('invalid_request')

  const proof = await guard.readProof(request, now)
  const { sub, evidence, expired } = await identify(guard, request, message.id_token, now)
  await proof?.spend()
  const wish = { sub, action, context_hash }

  // An auth_time that makes no sense would refuse the proof too: better said before the person signs in again.
  const authTimeFailure = evaluateFreshness(evidence, {}, now, guard.clockSkew)
  if (authTimeFailure !== null && authTimeFailure !== 'auth_time_missing') throw denied(authTimeFailure)
  const baseline = authTimeFailure === null ? (evidence.auth_time as number) : undefined

  const mayBeFresh = !policy.reauthenticate && !expired
  if (mayBeFresh && judge(policy, evidence, { iat: now }, now, guard.clockSkew) === null) {
    const { hash: binding, headers } = await ensureBinding(guard, request, now)
    return { ...(await grantAnswer(guard, wish, policy, evidence, { binding }, now)), headers }
  }
  return challengeAnswer(guard, request, wish, policy, baseline, now)
}

async function identify(
  guard: GuardSetup,
  request: Request,
  idToken: string | undefined,
  now: number,
): Promise<Person> {
  if (guard.authenticate) {
    const person = await guard.authenticate(request)
    if (!person) throw denied('invalid_token')
    const { subject, authTime } = person
    return { sub: subject, evidence: { sub: subject, auth_time: authTime }, expired: false }
  }
  if (idToken === undefined) throw failed('invalid_request')
  const claims = await guard.verifyIdToken(idToken, now)
  return { sub: claims.sub, evidence: claims, expired: isExpired(claims, now, guard.clockSkew) }
}
