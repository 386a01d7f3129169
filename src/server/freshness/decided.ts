import type { Answer } from '../http/answer.ts'
import type { Outcome } from '../setup/audit-trail.ts'

/** An answer, and what to report of it. */
export interface Decided {
  readonly answer: Answer
  readonly outcome: Outcome
}
