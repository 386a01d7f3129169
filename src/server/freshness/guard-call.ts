import { ConfigurationError } from '../../core/errors.ts'
import { outcomeOf } from '../audit/outcome.ts'
import type { Trail } from '../audit/trail.ts'
import { GuardError } from '../http/guard-error.ts'
import { withCors } from '../http/origin.ts'
import { asRefusal, isCallFault, reportUnavailable, unavailable } from '../http/refusal.ts'
import { GrantRefusal } from './grant-refusal.ts'
import type { GuardSetup } from './setup.ts'

/**
 * Runs the guard's part of a sensitive call, and reports the decision if that stops the call.
 *
 * @throws {GuardError} for the caller to answer with
 * @throws {ConfigurationError} unchanged: it is the caller's mistake, and no decision
 */
export async function guardCall<Result>(
  guard: GuardSetup,
  request: Request,
  trail: Trail,
  check: () => Promise<Result>,
): Promise<Result> {
  try {
    return await check()
  } catch (error) {
    throw error instanceof ConfigurationError ? error : stop(guard, request, trail, error)
  }
}

function stop(guard: GuardSetup, request: Request, trail: Trail, error: unknown): GuardError {
  if (error instanceof GrantRefusal) {
    const { answer, outcome, reason } = error
    trail.end(outcome)
    return new GuardError('step_up_required', withCors(request, guard.origins, answer), { reason })
  }
  const known = asRefusal(error)
  // Any other refusal here is a mistake of ours, and must let no request pass.
  const refusal = isCallFault(known) ? known : unavailable(known)
  reportUnavailable(refusal, guard.onError)
  trail.end(outcomeOf(refusal))
  const { code, answer, cause, problem } = refusal
  return new GuardError(code, withCors(request, guard.origins, answer), { cause, detail: problem?.detail })
}
