import { defined } from '../core/defined.ts'
import type { RefusalCode } from '../core/errors.ts'
import { evaluateFreshness } from '../core/freshness.ts'
import { formatStepUpHeader } from '../core/step-up-header.ts'
import type { AskRequest, ChallengedAnswer, IdTokenProof } from '../core/wire.ts'
import type { AnswerFault } from './evil.ts'
import type { Script, StepUpScript, TestPerson } from './script.ts'
import { type Answer, createAnswer, proxyAnswer } from './scripted-answer.ts'
import { createChallenges, type Wish } from './scripted-challenges.ts'
import { createGrants } from './scripted-grants.ts'
import { clockSkew, namesPerson, readClaims } from './scripted-judgement.ts'
import { readMessage } from './scripted-messages.ts'

/** The backend's freshness endpoint, and its guarded calls. */
export interface ScriptedBackend {
  /** What the freshness endpoint answers; null for a request that is not for it. */
  answer(request: Request): Promise<Response> | null
  /** Null for a call that may go on, else its answer: a 401 with a challenge. */
  guard(request: Request, wish: Wish): Promise<Response | null>
}

/** With which status it fails. */
const statuses: Readonly<Record<Exclude<AnswerFault, 'not_json' | 'no_answer'>, number>> = {
  cross_site: 400,
  invalid_dpop_proof: 401,
  invalid_request: 400,
  method_not_allowed: 405,
  origin_not_allowed: 403,
  payload_too_large: 413,
  request_timeout: 408,
  temporarily_unavailable: 503,
  unknown_action: 400,
  unsupported_media_type: 415,
}

/** @param personOf the person with this `sub`, if the OP has seen them */
export function createScriptedBackend(
  script: Script,
  personOf: (sub: string) => TestPerson | undefined,
): ScriptedBackend {
  const json = createAnswer(script)
  const challenges = createChallenges(script)
  const grants = createGrants(script)
  const denied = (error: RefusalCode): Response => json(403, { status: 'denied', error })

  const outcomeOf = ({ action, contextHash, sub }: Wish): StepUpScript => {
    const person = personOf(sub) ?? { name: sub, sub }
    const { stepUp } = script
    return typeof stepUp === 'function' ? stepUp({ action, person, ...defined({ contextHash }) }) : stepUp
  }
  const ask = async (request: AskRequest, idToken: string): Promise<Response> => {
    const { action, context_hash: contextHash } = request
    const claims = readClaims(idToken)
    if (!claims || !(await namesPerson(idToken, script))) return denied('invalid_token')
    const failure = evaluateFreshness(claims, {}, script.now(), clockSkew)
    if (failure !== null && failure !== 'auth_time_missing') return denied(failure)
    const wish = { action, contextHash, sub: claims.sub }
    const outcome = outcomeOf(wish)
    if (outcome !== 'grant') return challenged(json, await challenges.issue(wish, outcome))
    return script.evil?.refusal ? denied(script.evil.refusal) : json(200, grants.issue(wish))
  }

  const prove = async ({ challenge, id_token: idToken }: IdTokenProof): Promise<Response> => {
    // Before the challenge is used up: a refused proof burns nothing.
    if (script.evil?.refusal) return denied(script.evil.refusal)
    const met = await challenges.meet(challenge, idToken)
    return typeof met === 'string' ? denied(met) : json(200, grants.issue(met))
  }

  const respond = async (request: Request): Promise<Response> => {
    const { answer: fault } = script.evil ?? {}
    if (fault !== undefined) return failed(json, fault)
    const message = await readMessage(request)
    if (typeof message === 'string') return failed(json, message)
    return 'challenge' in message ? prove(message) : ask(message, message.id_token)
  }

  return {
    answer(request) {
      const { origin, pathname } = new URL(request.url)
      const endpoint = new URL(script.endpoint, origin)
      const isOurs = origin === endpoint.origin && pathname === endpoint.pathname
      return isOurs && request.method === 'POST' ? respond(request) : null
    },
    async guard(request, wish) {
      if (grants.use(request, wish)) return null
      return challenged(json, await challenges.issue(wish, outcomeOf(wish)))
    },
  }
}

function challenged(json: Answer, answer: ChallengedAnswer): Response {
  const { max_age: maxAge, acr_values: acrValues } = answer
  const header = formatStepUpHeader({ scheme: 'Bearer', maxAge, acrValues: acrValues?.split(' ') })
  return json(401, answer, { 'WWW-Authenticate': header })
}

function failed(json: Answer, fault: AnswerFault): Response {
  if (fault === 'no_answer') return Response.error()
  if (fault === 'not_json') return proxyAnswer()
  const headers: Readonly<Record<string, string>> =
    fault === 'temporarily_unavailable' ? { 'Retry-After': '5' } : {}
  return json(statuses[fault], { status: 'failed', error: fault }, headers)
}
