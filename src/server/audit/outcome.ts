import { Denial, type FinalFault, isUnavailable, type Refusal, type RequestFault } from '../http/refusal.ts'
import { GrantRefusal, LoginRefusal } from '../http/step-up-refusal.ts'
import type { Outcome, Trail } from './trail.ts'

/** All that can end a request. */
type Ending = Denial | GrantRefusal | LoginRefusal | Refusal<RequestFault | FinalFault>

/**
 * Reports how a request was refused: to `audit`, and where nothing was decided, to `onError` as well, unless that has been
 * done already.
 */
export function reportRefusal(refusal: Ending, trail: Trail, onError: (error: unknown) => void): void {
  if (isUnavailable(refusal) && refusal.cause !== undefined) onError(refusal.cause)
  trail.end(outcomeOf(refusal))
}

function outcomeOf(refusal: Ending): Outcome {
  if (refusal instanceof GrantRefusal) return outcomeOfCall(refusal)
  if (refusal instanceof LoginRefusal) {
    return { event: 'challenged', step: 'access_token', reason: refusal.reason }
  }
  const detail = refusal.problem?.detail
  if (refusal instanceof Denial) {
    const { code: reason } = refusal
    return reason === 'already_used' ? { event: 'replayed', reason } : { event: 'denied', reason, detail }
  }
  const { code: reason } = refusal
  if (reason === 'temporarily_unavailable') return { event: 'unavailable', reason }
  return { event: 'refused', reason, detail }
}

function outcomeOfCall({ reason, challenge }: GrantRefusal): Outcome {
  if (reason === 'grant_missing') return { event: 'challenged', step: 'use', reason, ...challenge }
  return reason === 'already_used' ? { event: 'replayed', reason } : { event: 'refused', reason }
}
