import { readAnswer } from '../../core/answer.ts'
import { defined } from '../../core/defined.ts'
import { parseStepUpDemand } from '../../core/step-up-demand.ts'
import { type Demand, demandOf } from '../../core/step-up-request.ts'
import type { ChallengedAnswer } from '../../core/wire.ts'

/** The guard's challenge, and what it asks for. */
export interface Challenge {
  readonly demand: Demand
  readonly challenge: string
}

/** What a resource server asks for, by its header alone. */
export interface BareDemand {
  readonly demand: Demand
  readonly challenge: null
}

/** Call it when the answer arrives: its `wait` counts from then. */
export function challengeOf(answer: ChallengedAnswer): Challenge {
  return { demand: demandOf(answer, performance.now()), challenge: answer.challenge }
}

/**
 * What a 401 asks for: the guard's own challenge in its body, else RFC 9470 §3 in its header; null for neither, or for
 * another status.
 *
 * @param isGuards whether it comes from the guard's origin; elsewhere a body says nothing
 */
export async function readChallenge(
  response: Response,
  isGuards: boolean,
): Promise<Challenge | BareDemand | null> {
  const demand = response.status === 401 && parseStepUpDemand(response.headers.get('WWW-Authenticate'))
  if (!demand) return null
  const body: unknown = isGuards
    ? await response
        .clone()
        .json()
        .catch(() => null)
    : null
  const answer = readAnswer(body)
  if (answer?.status === 'challenged') return challengeOf(answer)
  const { acrValues, maxAge } = demand
  return { demand: defined({ acrValues, maxAge }), challenge: null }
}
