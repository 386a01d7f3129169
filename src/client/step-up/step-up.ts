import type { ClientContext } from '../context.ts'
import type { Visits } from '../run-visits.ts'
import type { Renewal } from '../session/renewal.ts'
import { createAnswerChallenge } from './answer-401.ts'
import { createAskToken } from './ask-token.ts'
import { createAskWithSession } from './ask-with-session.ts'
import { createGrants } from './grant.ts'
import { createMeetChallenge, type StepUpParts } from './meet-challenge.ts'
import { createPersonVisits } from './person-visit.ts'
import { createProofs } from './proofs.ts'
import { createRunInTurn } from './run-in-turn.ts'
import { createRunStepUp, type RunStepUp } from './run-step-up.ts'
import { createSilentStepUp } from './silent-step-up.ts'
import type { AnswerChallenge, AuthorizedFetch } from './step-up-types.ts'

export interface StepUps extends RunStepUp {
  readonly answerChallenge: AnswerChallenge
}

/** Puts the parts of a step-up together. This file is loaded at the first one. */
export function createStepUps(
  context: ClientContext,
  visits: Pick<Visits, 'start' | 'startPushed'>,
  authorizedFetch: AuthorizedFetch,
  renew: Renewal['renew'],
): StepUps {
  const silent = createSilentStepUp(context)
  const proofs = createProofs(context, silent)
  const personVisits = createPersonVisits(context, visits, proofs)
  const meetChallenge = createMeetChallenge(context, proofs, personVisits)
  const parts: StepUpParts = {
    runInTurn: createRunInTurn(context),
    visitOp: personVisits.visitOp,
    proofs,
    silent,
    meetChallenge,
  }
  const grantOf = createGrants(context, authorizedFetch)
  const ask = createAskWithSession(context, createAskToken(context, renew), silent)
  const { run, resume } = createRunStepUp(context, parts, grantOf, ask)
  return { run, resume, answerChallenge: createAnswerChallenge(context, parts, renew) }
}
