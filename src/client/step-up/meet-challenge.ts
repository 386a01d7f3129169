import type { GrantedAnswer, ProveRequest } from '../../core/wire.ts'
import type { GuardChallenge } from './challenge.ts'
import type { VisitOp } from './person-visit.ts'
import type { Proofs } from './proofs.ts'
import type { RunInTurn } from './run-in-turn.ts'
import type { SilentStepUp } from './silent-step-up.ts'
import type { Turn } from './step-up-queue.ts'
import type { StepUpSubject } from './step-up-types.ts'

/** What a step-up is made of. */
export interface StepUpParts {
  readonly runInTurn: RunInTurn
  readonly visitOp: VisitOp
  readonly proofs: Proofs
  readonly silent: SilentStepUp
}

/**
 * Lets the OP answer the guard's challenge: in silence where that is enough, else by asking the person.
 *
 * @returns the grant, or the proof that `grantFor` gets it with once the turn is over
 */
export async function meetChallenge(
  { proofs, visitOp }: StepUpParts,
  turn: Turn,
  subject: StepUpSubject,
  guardChallenge: GuardChallenge,
): Promise<GrantedAnswer | ProveRequest> {
  const { challenge } = guardChallenge
  const granted = await proofs.silently(subject.action, challenge, turn.demand, turn.signal)
  return granted ?? { challenge, id_token: (await visitOp(turn, subject, guardChallenge)).idToken }
}

/** Proves the person's login, if the grant is not there yet. Not within the turn: a refusal concerns no other step-up. */
export async function grantFor(
  { proofs }: StepUpParts,
  { action, onStatus }: StepUpSubject,
  met: GrantedAnswer | ProveRequest,
  signal: AbortSignal,
): Promise<GrantedAnswer> {
  if ('grant' in met) return met
  onStatus('verifying')
  return proofs.ofLogin(action, met, signal)
}
