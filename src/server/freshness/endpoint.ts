import type { ProveRequest } from '../../core/wire.ts'
import type { AuditStep } from '../audit/event.ts'
import { reportRefusal } from '../audit/outcome.ts'
import type { Trail } from '../audit/trail.ts'
import { type Answer, toResponse } from '../http/answer.ts'
import { GuardError } from '../http/guard-error.ts'
import { type Message, readMessage } from '../http/message.ts'
import { addCors, isCrossSite, isTrustedOrigin, preflightAnswer, withCors } from '../http/origin.ts'
import { problem } from '../http/problem.ts'
import { asRefusal, failed } from '../http/refusal.ts'
import { ask } from './ask.ts'
import type { DecidedAnswer } from './issue-answers.ts'
import { prove } from './prove.ts'
import { push } from './push.ts'
import type { GuardSetup } from './setup.ts'

/** Makes the function that answers requests to the freshness endpoint. It never rejects. */
export function createEndpoint(guard: GuardSetup): (request: Request) => Promise<Response> {
  return async request => {
    const trail = guard.openTrail({ step: 'endpoint', client: guard.clientId })
    const respond = (answer: Answer): Response => toResponse(withCors(request, guard.origins, answer))
    try {
      checkOrigin(request, guard.origins)
      if (request.method === 'OPTIONS') return respond(preflightAnswer)
      const { answer, outcome } = await decide(guard, request, trail)
      const response = respond(answer)
      trail.end(outcome)
      return response
    } catch (error) {
      // `authenticate` threw the refusal of another guard, which has reported it.
      if (error instanceof GuardError) return addCors(request, guard.origins, error.toResponse())
      const refusal = asRefusal(error)
      reportRefusal(refusal, trail, guard.onError)
      return respond(refusal.answer)
    }
  }
}

/** @throws {Refusal} 403. The log says which origin to add, because a missing one is a common mistake. */
function checkOrigin(request: Request, origins: readonly string[]): void {
  if (isTrustedOrigin(request, origins)) return
  const wrong = problem('Origin', 'is not in the option origins', request.headers.get('Origin'))
  throw failed('origin_not_allowed', { problem: wrong })
}

async function decide(guard: GuardSetup, request: Request, trail: Trail): Promise<DecidedAnswer> {
  if (request.method !== 'POST') {
    throw failed('method_not_allowed', { headers: { Allow: 'POST, OPTIONS' } })
  }
  // Our cookie would not come back from there, so a challenge could never be answered.
  if (!guard.dpop && isCrossSite(request)) throw failed('cross_site')
  const message = await readMessage(request, guard.bodies)
  trail.note({ step: stepOf(message) })
  // The clock is read only now: a body may arrive slowly, and must not be judged by an old time.
  const now = guard.now()
  return guard.gate(() => {
    if (!('challenge' in message)) return ask(guard, request, message, now, trail)
    if (isProof(message)) return prove(guard, request, message, now, trail)
    return push(guard, request, message, now, trail)
  })
}

function stepOf(message: Message): AuditStep {
  if (!('challenge' in message)) return 'ask'
  return isProof(message) ? 'prove' : 'push'
}

const isProof = (message: Message): message is ProveRequest => 'id_token' in message || 'code' in message
