import { defined } from '../../core/defined.ts'
import { InteractionCancelledError } from '../../core/errors.ts'
import type { GrantedAnswer } from '../../core/wire.ts'
import type { ClientContext } from '../context.ts'
import { acceptLogin } from './accept-login.ts'
import type { GuardChallenge } from './challenge.ts'
import type { Asked, PersonVisits } from './person-visit.ts'
import type { Proofs } from './proofs.ts'
import type { RunInTurn } from './run-in-turn.ts'
import type { SilentStepUp } from './silent-step-up.ts'
import type { Turn } from './step-up-queue.ts'
import type { RunningStepUp } from './step-up-types.ts'

/** What a step-up is made of. */
export interface StepUpParts {
  readonly runInTurn: RunInTurn
  readonly visitOp: PersonVisits['visitOp']
  readonly proofs: Proofs
  readonly silent: SilentStepUp
  readonly meetChallenge: MeetChallenge
}

/**
 * The grant, for after the turn. Its rejection is the failure of one step-up, and not of those that joined it.
 */
export type GetGrant = () => Promise<GrantedAnswer>

/** Asks the backend once more, where the person has let the challenge run out before the click. */
export type AskAgain = (signal: AbortSignal) => Promise<GrantedAnswer | GuardChallenge>

/**
 * Lets the OP answer the guard's challenge: in silence where that is enough, else by asking the person. Then the login
 * is proved to the backend.
 *
 * @param signal ends the proof: of the one step-up that it is for
 */
export type MeetChallenge = (
  turn: Turn,
  subject: RunningStepUp,
  challenge: GuardChallenge,
  signal: AbortSignal,
  askAgain?: AskAgain,
) => Promise<GetGrant>

export function createMeetChallenge(
  context: ClientContext,
  proofs: Proofs,
  { visitOp, visitByPush }: PersonVisits,
): MeetChallenge {
  return async (turn, given, first, signal, askAgain) => {
    // The backend's words come before the app's.
    const subject = { ...given, ...defined({ display: first.display ?? given.display }) }
    if (!first.isPushed) {
      const granted = await proofs.silently(subject, first.challenge, turn.demand, turn.signal)
      if (granted) return async () => granted
    }
    const asked = renewable(turn, first, askAgain)
    const login = first.isPushed
      ? visitByPush(turn, subject, asked).then(response => ({ response }))
      : visitOp(turn, subject, asked).then(tokens => ({ tokens }))
    const met = await login.catch(grantOf)
    if ('grant' in met) return async () => met
    subject.onStatus('verifying')
    const { challenge } = asked.challenge
    const proof =
      'tokens' in met ? { challenge, id_token: met.tokens.idToken } : { challenge, ...met.response }
    const proved = proofs.ofLogin(subject, proof, signal).then(answer => {
      if ('tokens' in met) acceptLogin(context, met.tokens)
      return answer
    })
    // Step-ups that wait for this one ask with the session's login, so they wait until the backend has judged this one.
    await proved.catch(() => {})
    return () => proved
  }
}

/** The challenge that the person is sent to the OP for, and its successor once it has run out. */
function renewable(
  turn: Turn,
  first: GuardChallenge,
  askAgain: AskAgain | undefined,
): Asked & { readonly challenge: GuardChallenge } {
  let challenge = first
  const renew = async (ask: AskAgain, signal: AbortSignal): Promise<void> => {
    const answer = await ask(signal)
    if ('grant' in answer) throw new GrantedMeanwhile(answer)
    challenge = answer
    turn.retake(answer.demand)
  }
  return {
    get challenge() {
      return challenge
    },
    ...(askAgain && { renew: (signal: AbortSignal) => renew(askAgain, signal) }),
  }
}

/** Ends the visit: another tab's login has been enough by now, so the person need not sign in. */
class GrantedMeanwhile extends InteractionCancelledError {
  readonly answer: GrantedAnswer

  constructor(answer: GrantedAnswer) {
    super('superseded')
    this.answer = answer
  }
}

function grantOf(error: unknown): GrantedAnswer {
  if (error instanceof GrantedMeanwhile) return error.answer
  throw error
}
