import { defined } from '../../core/defined.ts'
import { readAnswer } from '../../core/read-freshness-answer.ts'
import type { StepUpDisplay } from '../../core/step-up-display.ts'
import { parseStepUpHeader } from '../../core/step-up-header.ts'
import { type Demand, demandOf } from '../../core/step-up-request.ts'
import type { ChallengedAnswer } from '../../core/wire.ts'
import type { BrowserClock } from '../../op/browser.ts'

type Elapsed = Pick<BrowserClock, 'elapsed'>

/** The guard's challenge, and what it asks for. */
export interface GuardChallenge {
  readonly by: 'guard'
  readonly challenge: string
  readonly demand: Demand
  /** What is approved, in the backend's words. */
  readonly display?: StepUpDisplay
  /** Whether the backend sends the authorization request to the OP (RFC 9126). */
  readonly isPushed: boolean
  /** Milliseconds of the clock's `elapsed`. */
  readonly expiresAt: number
}

/** What a resource server asks for, by its header alone. */
export interface ResourceChallenge {
  readonly by: 'resource_server'
  readonly demand: Demand
}

export type StepUpChallenge = GuardChallenge | ResourceChallenge

/** Call it when the answer arrives: its `wait` and `expires_in` count from then. */
export function challengeOf(clock: Elapsed, answer: ChallengedAnswer): GuardChallenge {
  const arrivedAt = clock.elapsed()
  const { challenge, expires_in, display, pushed = false } = answer
  const demand = demandOf(answer, arrivedAt)
  const expiresAt = arrivedAt + expires_in * 1000
  return { by: 'guard', challenge, demand, isPushed: pushed, expiresAt, ...defined({ display }) }
}

/** Seconds that a challenge is still good for. */
export function secondsLeft(clock: Elapsed, { expiresAt }: GuardChallenge): number {
  return Math.max(0, (expiresAt - clock.elapsed()) / 1000)
}

/**
 * What a 401 asks for: the guard's own challenge in its body, else RFC 9470 §3 or a claims challenge in its header; null
 * for none of them, or for another status.
 *
 * @param isFromGuard whether it comes from the guard's origin; elsewhere a body says nothing
 */
export async function readChallenge(
  clock: Elapsed,
  response: Response,
  isFromGuard: boolean,
): Promise<StepUpChallenge | null> {
  const demand = demandIn(response)
  if (!demand) return null
  const answer = isFromGuard ? readAnswer(await readJson(response)) : null
  if (answer?.status === 'challenged') return challengeOf(clock, answer)
  const { acrValues, maxAge, claims } = demand
  return { by: 'resource_server', demand: defined({ acrValues, maxAge, claims }) }
}

/** What the header of a 401 asks for; null where it asks for no step-up. */
export function demandIn({ status, headers }: Response): ReturnType<typeof parseStepUpHeader> {
  return status === 401 ? parseStepUpHeader(headers.get('WWW-Authenticate')) : null
}

/** The JSON of an answer, which can still be read afterwards; null for none. */
export async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.clone().json()
  } catch {
    return null
  }
}
