import type { Account } from '../../core/account.ts'
import type { ApiTarget } from '../../core/api-target.ts'
import { defined } from '../../core/defined.ts'
import { AuthTimeoutError, StepUpDeniedError, StepUpUnmetError } from '../../core/errors.ts'
import { stepUpRequest } from '../../core/step-up-request.ts'
import type { TokenSet } from '../../core/tokens.ts'
import type { BrowserClock } from '../../op/browser.ts'
import { popupTimeLimit } from '../../op/exchange-in-window.ts'
import type { PushedResponse } from '../../op/pushed-request.ts'
import { signInFor } from '../api-targets.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import { pauseUntil } from '../pause.ts'
import type { StepUpPurpose } from '../redirect-purpose.ts'
import type { Visits } from '../run-visits.ts'
import type { PushedVisitRequest, VisitAround } from '../visit-windows.ts'
import { pushByBackend } from './ask-backend.ts'
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
 */
export interface PersonVisits {
  /**
   * @returns the tokens of that login. @throws what `visits.start` and `asked.renew` throw; {StepUpUnmetError}, and
   * {StepUpDeniedError} `challenge_expired` when the person takes longer at the OP than the challenge lives, or it has
   * run out and cannot be renewed
   */
  visitOp(turn: Turn, subject: RunningStepUp, asked: Asked): Promise<TokenSet>
  /**
   * The same for a challenge whose request the backend sends.
   *
   * @returns the response, for the backend. @throws what `visitOp` and `pushByBackend` throw
   */
  visitByPush(turn: Turn, subject: RunningStepUp, asked: Asked): Promise<PushedResponse>
}

export function createPersonVisits(
  context: ClientContext,
  visits: Pick<Visits, 'start' | 'startPushed'>,
  proofs: Proofs,
): PersonVisits {
  const { browser, options, vault, now } = context
  const { clock, page } = browser

  const visit = async <T>(
    turn: Turn,
    subject: RunningStepUp,
    asked: Asked,
    start: (around: VisitAround, expected: Account) => Promise<T>,
    pushed?: () => Pushed | undefined,
  ): Promise<T> => {
    if (!vault.current) throw notSignedIn()
    const { account: expected } = vault.current
    const { action, display, input, idempotencyKey, key, reason, onStatus } = subject
    const purpose = (): StepUpPurpose => ({
      kind: 'step_up',
      action,
      expected,
      asked: askedBy(clock, asked.challenge, pushed?.()),
      input,
      idempotencyKey,
      ...defined({ key, display }),
    })
    onStatus('confirming')
    try {
      const around: VisitAround = {
        goal: { kind: 'step_up', account: expected, action, ...defined({ reason, display }) },
        purpose,
        timeLimit: () => timeLimitOf(clock, asked),
        returnTo: page.href,
        signal: turn.signal,
        onWindow: () => {
          turn.close()
          onStatus('authenticating')
        },
      }
      return await start(around, expected)
    } catch (error) {
      if (isOver(clock, asked) && error instanceof AuthTimeoutError)
        throw new StepUpDeniedError('challenge_expired')
      // Not for `access_denied`, which is how OPs say that the person has cancelled.
      if (error instanceof StepUpUnmetError) proofs.tellUnmetAndThrow(subject, error)
      throw error
    }
  }

  /** Until a request for the challenge may leave. */
  const beforeLeaving = async (turn: Turn, asked: Asked, stopped: AbortSignal): Promise<void> => {
    if (isOver(clock, asked)) await asked.renew?.(stopped)
    // The person need not sign in for what the backend refuses in any case.
    if (isOver(clock, asked)) throw new StepUpDeniedError('challenge_expired')
    const { leaveAt } = turn.demand
    if (leaveAt !== undefined) await pauseUntil(clock, leaveAt, stopped)
  }

  return {
    visitOp: (turn, subject, asked) =>
      visit(turn, subject, asked, (around, expected) =>
        visits.start({
          ...around,
          request: async stopped => {
            await beforeLeaving(turn, asked, stopped)
            const request = stepUpRequest(turn.demand, expected, options.profile)
            return { ...request, ...signInFor(options, asked.target ?? null) }
          },
        }),
      ),

    visitByPush: (turn, subject, asked) => {
      let sent: Pushed | undefined
      const push: PushedVisitRequest['push'] = async stopped => {
        await beforeLeaving(turn, asked, stopped)
        const { challenge } = asked
        // The backend has changed its mind since the prompt came up, as after a deploy.
        if (challenge.by !== 'guard' || !challenge.isPushed) throw new StepUpDeniedError('challenge_expired')
        const pushed = await pushByBackend(context, challenge, stopped)
        sent = { state: pushed.state, leftAt: now() }
        return pushed
      }
      return visit(
        turn,
        subject,
        asked,
        around => visits.startPushed({ ...around, push }),
        () => sent,
      )
    },
  }
}

type Pushed = Extract<StepUpPurpose['asked'], { by: 'guard' }>['pushed']

function isOver(clock: BrowserClock, { challenge }: Asked): boolean {
  return challenge.by === 'guard' && secondsLeft(clock, challenge) === 0
}

/** Seconds that the person may take at the OP. */
function timeLimitOf(clock: BrowserClock, { challenge }: Asked): number {
  return challenge.by === 'guard' ? Math.ceil(secondsLeft(clock, challenge)) : popupTimeLimit
}

/** Call it when the page leaves: the challenge's time goes by meanwhile. */
function askedBy(
  clock: BrowserClock,
  challenge: StepUpChallenge,
  pushed: Pushed | undefined,
): StepUpPurpose['asked'] {
  if (challenge.by === 'resource_server') return { by: 'resource_server' }
  const expiresIn = secondsLeft(clock, challenge)
  return { by: 'guard', challenge: challenge.challenge, expiresIn, ...defined({ pushed }) }
}
