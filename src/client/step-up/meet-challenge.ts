import type { GrantedAnswer } from '../../core/wire.ts'
import type { ClientContext } from '../context.ts'
import { acceptLogin } from './accept-login.ts'
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
  readonly meetChallenge: MeetChallenge
}

/**
 * The grant, for after the turn. Its rejection is the failure of one step-up, and not of those that joined it.
 */
export type GetGrant = () => Promise<GrantedAnswer>

/**
 * Lets the OP answer the guard's challenge: in silence where that is enough, else by asking the person. Then the login
 * is proved to the backend.
 *
 * @param signal ends the proof: of the one step-up that it is for
 */
export type MeetChallenge = (
  turn: Turn,
  subject: StepUpSubject,
  challenge: GuardChallenge,
  signal: AbortSignal,
) => Promise<GetGrant>

export function createMeetChallenge(
  context: ClientContext,
  { proofs, visitOp }: Pick<StepUpParts, 'proofs' | 'visitOp'>,
): MeetChallenge {
  return async (turn, subject, guardChallenge, signal) => {
    const { challenge } = guardChallenge
    const { action, onStatus } = subject
    const granted = await proofs.silently(action, challenge, turn.demand, turn.signal)
    if (granted) return async () => granted
    const tokens = await visitOp(turn, subject, guardChallenge)
    onStatus('verifying')
    const proved = proofs.ofLogin(action, { challenge, id_token: tokens.idToken }, signal).then(answer => {
      acceptLogin(context, tokens)
      return answer
    })
    // Step-ups that wait for this one ask with the session's login, so they wait until the backend has judged this one.
    await proved.catch(() => {})
    return () => proved
  }
}
