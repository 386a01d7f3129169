import { StepUpDeniedError } from '../../core/errors.ts'
import { readAnswer } from '../../core/read-freshness-answer.ts'
import { demandIn, readJson } from './challenge.ts'

/**
 * Gives the answer to a call that carried a grant to the app, unless the answer refuses the grant: a 401 that asks for
 * a step-up, or a 403 whose JSON is the guard's `denied`. Every other answer is the app's own.
 *
 * @throws {StepUpDeniedError} whose `response` is the answer, and can still be read
 */
export async function throwIfGrantRefused(response: Response): Promise<Response> {
  const reason = await refusalOf(response)
  if (reason === null) return response
  throw new StepUpDeniedError(reason, 'the call with its grant was refused', response)
}

async function refusalOf(response: Response): Promise<string | null> {
  // A new challenge does not say what was wrong with the grant.
  if (response.status === 401) return demandIn(response) && 'grant_refused'
  if (response.status !== 403) return null
  const answer = readAnswer(await readJson(response))
  return answer?.status === 'denied' ? answer.error : null
}
