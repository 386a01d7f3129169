import { type AnyAuthError, InteractionCancelledError } from '../errors.ts'
import { type Effects, type Step, step } from './effects.ts'
import { type Interaction, isPersonal } from './interaction.ts'
import type { AuthState } from './state.ts'

// How interactions come on screen and end. The first one is on screen.

/** Puts the first interaction on screen if it is not there yet. */
export function showFirst(state: AuthState): AuthState {
  const [first] = state.interactions
  if (!first) return state
  const shown = withPrompt(withAccountQuestion(first))
  return shown === first ? state : replace(state, shown)
}

/** A visit that waited in the queue asks the person now. */
function withPrompt(interaction: Interaction): Interaction {
  if (interaction.type !== 'visit' || !isPersonal(interaction.goal)) return interaction
  const { goal, place } = interaction
  return place.at === 'queue' ? { ...interaction, goal, place: { at: 'prompt' } } : interaction
}

/** A question that was put off is asked again. */
function withAccountQuestion(interaction: Interaction): Interaction {
  return interaction.type === 'account_question' && interaction.isPutOff
    ? { ...interaction, isPutOff: false }
    : interaction
}

/** Ends one interaction and shows the next. */
export function finish(state: AuthState, id: string, error: AnyAuthError | null): Step {
  const others = state.interactions.filter(one => one.id !== id)
  if (others.length === state.interactions.length) return step(state)
  return step(showFirst({ ...state, interactions: others }), endOf(id, error))
}

/** Ends all interactions but those that are kept. */
export function endAll(
  state: AuthState,
  reason: InteractionCancelledError['reason'],
  isKept: (interaction: Interaction) => boolean = () => false,
): Step {
  const ended = state.interactions.filter(one => !isKept(one))
  const ends = ended.map(({ id }) => endOf(id, new InteractionCancelledError(reason)))
  return step({ ...state, interactions: state.interactions.filter(isKept) }, ...ends)
}

/** What the end of an interaction takes. */
export function endOf(id: string, error: AnyAuthError | null): Effects {
  return {
    // What was not installed by now never will be.
    tokenEffects: [{ type: 'tokens.discard', id }],
    effects: [
      { type: 'window.close', id },
      { type: 'visit.settle', id, error },
    ],
  }
}

export function replace(state: AuthState, interaction: Interaction): AuthState {
  const interactions = state.interactions.map(one => (one.id === interaction.id ? interaction : one))
  return { ...state, interactions }
}
