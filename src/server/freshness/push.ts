import type { PushedAnswer, PushRequest } from '../../core/wire.ts'
import type { Trail } from '../audit/trail.ts'
import { sha256 } from '../crypto/hash.ts'
import { plainProblem } from '../http/problem.ts'
import { failed } from '../http/refusal.ts'
import { openChallenge } from './challenge-in-request.ts'
import type { DecidedAnswer } from './issue-answers.ts'
import { stateOf, verifierOf } from './pushed-secrets.ts'
import type { GuardSetup, StepUpPart } from './setup.ts'

/**
 * Push: sends the OP the authorization request that answers a challenge, so that nothing in the browser can change it. It
 * writes nothing, and may be repeated: each answer has a `request_uri` of its own, and the same `state`.
 *
 * @throws {Refusal}
 * @see RFC 9126 §2
 */
export async function push(
  guard: GuardSetup,
  request: Request,
  message: PushRequest,
  now: number,
  trail: Trail,
): Promise<DecidedAnswer> {
  const { claims, policy, derive } = await openChallenge(guard, request, message.challenge, now, trail)
  const client = stepUpOf(guard)
  await guard.binding.confirm(request, now)
  const [state, verifier] = await Promise.all([stateOf(derive), verifierOf(derive)])
  const { requestUri, expiresIn } = await client.push({
    ...{ terms: policy.terms, state, details: claims.authorization_details },
    ...{ loginHint: claims.login_hint, uiLocales: claims.ui_locales },
    nonce: await sha256(message.challenge),
    codeChallenge: await sha256(verifier),
  })
  const body: PushedAnswer = {
    ...{
      status: 'pushed',
      client_id: client.clientId,
      request_uri: requestUri,
      state,
      expires_in: expiresIn,
    },
  }
  const { action, sub, jti } = claims
  const answer = { status: 200, body, headers: {} }
  return { answer, outcome: { event: 'pushed', step: 'push', action, sub, jti } }
}

/** The guard's own client. @throws {Refusal} 400 where it has none: no challenge of it says `pushed` */
export function stepUpOf({ stepUp }: GuardSetup): StepUpPart {
  if (stepUp) return stepUp
  throw failed('invalid_request', { problem: plainProblem('the guard has no stepUpClient') })
}
