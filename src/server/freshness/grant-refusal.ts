import type { Outcome } from '../audit/trail.ts'
import type { GrantFailure } from '../http/guard-error.ts'
import { Refusal } from '../http/refusal.ts'
import type { IssuedAnswer } from './issue-answers.ts'

/** Ends a sensitive call whose grant is missing or cannot be used: the answer is a 401 with a new challenge. */
export class GrantRefusal extends Refusal<'step_up_required'> {
  readonly reason: GrantFailure
  /** What to report of it. */
  readonly outcome: Outcome

  constructor(reason: GrantFailure, { answer, about }: IssuedAnswer) {
    super('step_up_required', answer)
    this.reason = reason
    this.outcome = outcomeOf(reason, about)
  }
}

function outcomeOf(reason: GrantFailure, challenge: IssuedAnswer['about']): Outcome {
  if (reason === 'grant_missing') return { event: 'challenged', step: 'use', reason, ...challenge }
  return reason === 'already_used' ? { event: 'replayed', reason } : { event: 'refused', reason }
}
