import { InteractionCancelledError } from '../errors.ts'
import { beginSession } from './account-switch.ts'
import { type Effect, type Step, step } from './effects.ts'
import type { PromptEvent } from './events.ts'
import type { AccountQuestion, UnmetStepUp } from './interaction.ts'
import { finish, replace } from './interaction-queue.ts'
import { decideMismatch } from './mismatch.ts'
import type { PromptAnswer } from './prompts.ts'
import type { AuthState, SessionLimit } from './state.ts'
import { proceed } from './visits.ts'

/** What the person answers. An answer to a prompt that is gone changes nothing. */
export function onPromptAnswer(state: AuthState, { id, answer }: PromptEvent): Step {
  if (state.limit?.warns && state.limit.id === id) return answerWarning(state, state.limit)
  const interaction = state.interactions.find(one => one.id === id)
  switch (interaction?.type) {
    case 'visit':
      if (answer === 'cancel') return finish(state, id, new InteractionCancelledError('dismissed'))
      return answer === 'continue' ? proceed(state, interaction) : step(state)
    case 'mismatch':
      return decideMismatch(state, interaction, answer)
    case 'account_question':
      return decideAccount(state, interaction, answer)
    case 'unmet_step_up':
      return decideUnmet(state, interaction, answer)
    // Too late to be given up: half of it is done.
    case 'account_switch':
    case undefined:
      return step(state)
  }
}

/** The warning is shown no more. Of the limits only the idle one can be moved: the session may still end when it said. */
function answerWarning(state: AuthState, limit: SessionLimit): Step {
  const answered = { ...state, limit: { ...limit, warns: false, isAnswered: true } }
  return step(answered, { effects: [{ type: 'limit.extend' }] })
}

/** Whose page this is from now on. Put off, it is asked again before anything is done for either person. */
function decideAccount(state: AuthState, question: AccountQuestion, answer: PromptAnswer): Step {
  const { id, arrival, from } = question
  if (answer === 'continue') return beginSession(state, id, arrival)
  const putOff = step(replace(state, { ...question, isPutOff: true }))
  return answer === 'switch' ? withEffect(putOff, { type: 'sign_in.start', account: from }) : putOff
}

function decideUnmet(state: AuthState, { id }: UnmetStepUp, answer: PromptAnswer): Step {
  const done = finish(state, id, null)
  return answer === 'switch' ? withEffect(done, { type: 'sign_in.start', account: null }) : done
}

function withEffect(done: Step, effect: Effect): Step {
  return step(done.state, done, { effects: [effect] })
}
