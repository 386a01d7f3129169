import type { Outcome } from '../audit/trail.ts'
import type { Answer } from '../http/answer.ts'

/** An answer, and what to report of it. */
export interface Decided {
  readonly answer: Answer
  readonly outcome: Outcome
}
