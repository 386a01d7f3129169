import {
  type AccessTokenFault,
  type CallFault,
  Denial,
  type Refusal,
  type RequestFault,
} from '../http/refusal.ts'
import type { Outcome } from './trail.ts'

type Fault = RequestFault | CallFault | Exclude<AccessTokenFault, 'insufficient_user_authentication'>

/** What to report of a refusal. */
export function outcomeOf(refusal: Denial | Refusal<Fault>): Outcome {
  const detail = refusal.problem?.detail
  if (refusal instanceof Denial) {
    const { code: reason } = refusal
    return reason === 'already_used' ? { event: 'replayed', reason } : { event: 'denied', reason, detail }
  }
  const { code: reason } = refusal
  if (reason === 'temporarily_unavailable') return { event: 'unavailable', reason }
  return { event: 'refused', reason, detail }
}
