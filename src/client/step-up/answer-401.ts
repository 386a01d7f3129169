import { StepUpUnmetError } from '../../core/errors.ts'
import { grantHeader } from '../../core/wire.ts'
import type { ClientContext } from '../context.ts'
import { type GuardChallenge, type ResourceChallenge, readChallenge } from './challenge.ts'
import type { VisitOp } from './person-visit.ts'
import type { Proofs } from './proofs.ts'
import { type RunInTurn, retake } from './run-in-turn.ts'
import type { SilentStepUp } from './silent-step-up.ts'
import type { Turn } from './step-up-queue.ts'
import type { AnswerChallenge, Send, StepUpSubject } from './step-up-types.ts'

/** The parts of a step-up that answering a 401 needs. */
export interface StepUpParts {
  readonly runInTurn: RunInTurn
  readonly visitOp: VisitOp
  readonly proofs: Proofs
  readonly silent: SilentStepUp
}

/** What answers a 401 that asks for a fresher or stronger login: the guard's, or a resource server's (RFC 9470). */
export function createAnswerChallenge(
  { options, vault }: ClientContext,
  { runInTurn, visitOp, proofs, silent }: StepUpParts,
): AnswerChallenge {
  /** Sends the request again with a grant for the guard's challenge. */
  const answerGuard = async (
    turn: Turn,
    subject: StepUpSubject,
    asked: GuardChallenge,
    send: Send,
  ): Promise<Response> => {
    const { challenge } = asked
    const granted = await proofs.silently(subject.action, challenge, turn.demand, turn.signal)
    if (granted) return send({ grant: granted.grant })
    const { idToken: id_token } = await visitOp(turn, subject, asked)
    subject.onStatus('verifying')
    const { grant } = await proofs.ofLogin(subject.action, { challenge, id_token }, turn.signal)
    return send({ grant })
  }

  /** Sends the request again with the access token of a login that meets the resource server's demand. */
  const answerServer = async (
    turn: Turn,
    subject: StepUpSubject,
    asked: ResourceChallenge,
    send: Send,
  ): Promise<Response> => {
    const tokens = await silent.answer(turn.demand, turn.signal)
    if (tokens) {
      const response = await send({ accessToken: tokens.accessToken })
      if (response.status !== 401) silent.accept(tokens)
      const again = await readChallenge(response, false)
      if (!again) return response
      retake(turn, again.demand)
    }
    const { claims, accessToken } = await visitOp(turn, subject, asked)
    const { acr } = claims
    if (acr !== undefined && turn.demand.acrValues?.includes(acr) === false)
      proofs.unmet(subject.action, new StepUpUnmetError('acr_unmet'))
    return send({ accessToken })
  }

  return async (request, refused, send, given) => {
    const subject: StepUpSubject = given ?? {
      action: null,
      input: null,
      idempotencyKey: crypto.randomUUID(),
      onStatus: () => {},
    }
    const isGuards = new URL(request.url).origin === options.guardOrigin
    const first = request.signal.aborted ? null : await readChallenge(refused, isGuards)
    // With a grant the guard was not content: another would be no better.
    if (!first || (first.by === 'guard' && request.headers.has(grantHeader))) return refused
    const before = vault.current
    return runInTurn(first.demand, request.signal, subject, async turn => {
      let asked = first
      if (turn.waited && vault.current !== before) {
        const second = await send()
        const again = await readChallenge(second, isGuards)
        if (!again) return second
        asked = again
        retake(turn, again.demand)
      }
      return asked.by === 'guard'
        ? answerGuard(turn, subject, asked, send)
        : answerServer(turn, subject, asked, send)
    })
  }
}
