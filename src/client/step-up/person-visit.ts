import type { ApiTarget } from '../../core/api-target.ts'
import { defined } from '../../core/defined.ts'
import { AuthTimeoutError, StepUpDeniedError, StepUpUnmetError } from '../../core/errors.ts'
import { stepUpRequest } from '../../core/step-up-request.ts'
import type { TokenSet } from '../../core/tokens.ts'
import type { BrowserClock } from '../../op/browser.ts'
import { popupTimeLimit } from '../../op/exchange-in-window.ts'
import { signInFor } from '../api-targets.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import { pauseUntil } from '../pause.ts'
import type { StepUpPurpose } from '../redirect-purpose.ts'
import type { Visits } from '../run-visits.ts'
import { type StepUpChallenge, secondsLeft } from './challenge.ts'
import type { Proofs } from './proofs.ts'
import type { Turn } from './step-up-queue.ts'
import type { RunningStepUp } from './step-up-types.ts'

/** What the person is sent to the OP for. */
export interface Asked {
  readonly challenge: StepUpChallenge
  /** The API whose access token is wanted. Default: the session's own. */
  readonly target?: ApiTarget | null
  /** Puts another challenge in its place. Absent where there is no way to ask for one. */
  readonly renew?: (signal: AbortSignal) => Promise<void>
}

/**
 * Sends the person to the OP for a challenge, behind a prompt. One that has run out by the person's click is renewed,
 * once for each click, while the popup waits.
 *
 * @returns the tokens of that login. @throws what `visits.start` and `asked.renew` throw; {StepUpUnmetError}, and
 * {StepUpDeniedError} `challenge_expired` when the person takes longer at the OP than the challenge lives, or it has run
 * out and cannot be renewed
 */
export type VisitOp = (turn: Turn, subject: RunningStepUp, asked: Asked) => Promise<TokenSet>

export function createPersonVisits(
  { browser, options, vault }: ClientContext,
  visits: Pick<Visits, 'start'>,
  proofs: Proofs,
): VisitOp {
  const { clock, page } = browser
  return async (turn, subject, asked) => {
    const { action, display, input, idempotencyKey, key, reason, onStatus } = subject
    if (!vault.current) throw notSignedIn()
    const { account: expected } = vault.current
    const purpose = (): StepUpPurpose => ({
      kind: 'step_up',
      action,
      expected,
      asked: askedBy(clock, asked.challenge),
      input,
      idempotencyKey,
      ...defined({ key, display }),
    })
    onStatus('confirming')
    try {
      return await visits.start({
        goal: { kind: 'step_up', account: expected, action, ...defined({ reason, display }) },
        purpose,
        request: async stopped => {
          if (isOver(clock, asked)) await asked.renew?.(stopped)
          // The person need not sign in for what the backend refuses in any case.
          if (isOver(clock, asked)) throw new StepUpDeniedError('challenge_expired')
          const { leaveAt } = turn.demand
          if (leaveAt !== undefined) await pauseUntil(clock, leaveAt, stopped)
          return {
            ...stepUpRequest(turn.demand, expected, options.profile),
            ...signInFor(options, asked.target ?? null),
          }
        },
        timeLimit: () => timeLimitOf(clock, asked),
        returnTo: page.href,
        signal: turn.signal,
        onWindow: () => {
          turn.close()
          onStatus('authenticating')
        },
      })
    } catch (error) {
      if (isOver(clock, asked) && error instanceof AuthTimeoutError)
        throw new StepUpDeniedError('challenge_expired')
      // Not for `access_denied`, which is how OPs say that the person has cancelled.
      if (error instanceof StepUpUnmetError) proofs.tellUnmetAndThrow(subject, error)
      throw error
    }
  }
}

function isOver(clock: BrowserClock, { challenge }: Asked): boolean {
  return challenge.by === 'guard' && secondsLeft(clock, challenge) === 0
}

/** Seconds that the person may take at the OP. */
function timeLimitOf(clock: BrowserClock, { challenge }: Asked): number {
  return challenge.by === 'guard' ? Math.ceil(secondsLeft(clock, challenge)) : popupTimeLimit
}

/** Call it when the page leaves: the challenge's time goes by meanwhile. */
function askedBy(clock: BrowserClock, challenge: StepUpChallenge): StepUpPurpose['asked'] {
  if (challenge.by === 'resource_server') return { by: 'resource_server' }
  return { by: 'guard', challenge: challenge.challenge, expiresIn: secondsLeft(clock, challenge) }
}
