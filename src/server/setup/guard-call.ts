import { ConfigurationError } from '../../core/errors.ts'
import { reportRefusal } from '../audit/outcome.ts'
import type { Trail } from '../audit/trail.ts'
import type { Answer } from '../http/answer.ts'
import { GuardError } from '../http/guard-error.ts'
import { withCors } from '../http/origin.ts'
import { asRefusal, endsCall, type FinalFault, type Refusal, unavailable } from '../http/refusal.ts'
import { GrantRefusal, LoginRefusal } from '../http/step-up-refusal.ts'
import type { SharedSetup } from './shared-options.ts'

/**
 * Runs a guard's part of a call, and reports the decision if that stops the call.
 *
 * @param headers what each answer has besides its own headers
 * @throws {GuardError} for the caller to answer with
 * @throws {ConfigurationError} unchanged: it is the caller's mistake, and no decision. Also for a request of a framework
 */
export async function guardCall<Result>(
  { origins, onError }: Pick<SharedSetup, 'origins' | 'onError'>,
  request: Request,
  trail: Trail,
  check: () => Promise<Result>,
  headers: Answer['headers'] = {},
): Promise<Result> {
  needRequest(request)
  try {
    return await check()
  } catch (error) {
    if (error instanceof ConfigurationError) throw error
    const refusal = endingOf(error)
    reportRefusal(refusal, trail, onError)
    const { code, answer, cause, problem } = refusal
    const reason = 'reason' in refusal ? refusal.reason : undefined
    const sent = withCors(request, origins, { ...answer, headers: { ...headers, ...answer.headers } })
    throw new GuardError(code, sent, { cause, reason, detail: problem?.detail })
  }
}

/** JavaScript has no types that would say so. A `Request` of another realm is no instance of ours, and good. */
function needRequest(request: unknown): void {
  const { headers } = Object(request) as { headers?: Partial<Headers> }
  if (typeof headers?.get === 'function') return
  throw new ConfigurationError(
    'A guard needs a Web-standard Request: toRequest of afresh/server/express, fastify, hono or node makes one',
  )
}

function endingOf(error: unknown): GrantRefusal | LoginRefusal | Refusal<FinalFault> {
  if (error instanceof GrantRefusal || error instanceof LoginRefusal) return error
  const refusal = asRefusal(error)
  // Any other refusal here is a mistake of ours, and must let no request pass.
  return endsCall(refusal) ? refusal : unavailable(refusal)
}
