import { defined } from '../../core/defined.ts'
import { AuthTimeoutError, StepUpDeniedError, StepUpUnmetError } from '../../core/errors.ts'
import { stepUpRequest } from '../../core/step-up-request.ts'
import type { TokenSet } from '../../core/tokens.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import { pauseUntil } from '../pause.ts'
import type { StepUpPurpose } from '../redirect-purpose.ts'
import type { Visits } from '../run-visits.ts'
import { asUnmet } from './as-unmet.ts'
import { type StepUpChallenge, secondsLeft } from './challenge.ts'
import type { Proofs } from './proofs.ts'
import type { Turn } from './step-up-queue.ts'
import type { StepUpSubject } from './step-up-types.ts'

/**
 * Sends the person to the OP for a challenge, behind a prompt.
 *
 * @returns the tokens of that login. @throws what `visits.start` throws; {StepUpUnmetError}, and {StepUpDeniedError}
 * `challenge_expired` when the person takes longer than the challenge lives
 */
export type VisitOp = (turn: Turn, subject: StepUpSubject, challenge: StepUpChallenge) => Promise<TokenSet>

export function createPersonVisits(
  { options, vault }: ClientContext,
  visits: Pick<Visits, 'start'>,
  proofs: Proofs,
): VisitOp {
  return async (turn, { action, input, idempotencyKey, key, reason, onStatus }, challenge) => {
    if (!vault.current) throw notSignedIn()
    const { account: expected } = vault.current
    const purpose = (): StepUpPurpose => ({
      kind: 'step_up',
      action,
      expected,
      asked: askedBy(challenge),
      input,
      idempotencyKey,
      ...defined({ key }),
    })
    onStatus('confirming')
    try {
      return await visits.start({
        goal: { kind: 'step_up', account: expected, action, ...(reason !== undefined && { reason }) },
        purpose,
        request: async stopped => {
          // The person need not sign in for what the backend refuses in any case.
          if (challenge.by === 'guard' && secondsLeft(challenge) === 0)
            throw new StepUpDeniedError('challenge_expired')
          const { leaveAt } = turn.demand
          if (leaveAt !== undefined) await pauseUntil(leaveAt, stopped)
          return stepUpRequest(turn.demand, expected, options.profile)
        },
        timeLimit: challenge.by === 'guard' ? () => Math.ceil(secondsLeft(challenge)) : undefined,
        returnTo: location.href,
        signal: turn.signal,
        onWindow: () => {
          turn.close()
          onStatus('authenticating')
        },
      })
    } catch (cause) {
      const isOver = challenge.by === 'guard' && secondsLeft(challenge) === 0
      if (isOver && cause instanceof AuthTimeoutError) throw new StepUpDeniedError('challenge_expired')
      const error = asUnmet(cause, turn.demand.acrValues)
      if (error instanceof StepUpUnmetError) proofs.tellUnmetAndThrow(action, error)
      throw error
    }
  }
}

/** Call it when the page leaves: the challenge's time goes by meanwhile. */
function askedBy(challenge: StepUpChallenge): StepUpPurpose['asked'] {
  if (challenge.by === 'resource_server') return { by: 'resource_server' }
  return { by: 'guard', challenge: challenge.challenge, expiresIn: secondsLeft(challenge) }
}
