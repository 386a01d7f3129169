import { type AuthError, InteractionCancelledError } from '../errors.ts'
import { join, type Step, step } from './effects.ts'
import { type Arrival, endsWithReturn, type Interaction } from './interaction.ts'
import type { AuthState } from './state.ts'

// How interactions come on screen and end.

/** Puts the first interaction on screen if it is not there yet. */
export function showFirst(state: AuthState): AuthState {
  const [first] = state.interactions
  if (!first) return state
  const shown = withPrompt(withAccountQuestion(first))
  return shown === first ? state : replace(state, shown)
}

/** A visit that waited in the queue asks the person now. */
function withPrompt(interaction: Interaction): Interaction {
  if (interaction.type !== 'visit' || interaction.goal.kind === 'sign_in') return interaction
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
export function finish(state: AuthState, id: string, error: AuthError | null): Step {
  const others = state.interactions.filter(one => one.id !== id)
  if (others.length === state.interactions.length) return step(state)
  return join(showFirst({ ...state, interactions: others }), endOf(id, error))
}

/** Ends all interactions but those that are kept. */
export function endAll(
  state: AuthState,
  reason: InteractionCancelledError['reason'],
  isKept: (interaction: Interaction) => boolean = () => false,
): Step {
  const ended = state.interactions.filter(one => !isKept(one))
  const interactions = state.interactions.filter(isKept)
  return join(
    { ...state, interactions },
    ...ended.map(({ id }) => endOf(id, new InteractionCancelledError(reason))),
  )
}

/** The session is this one now. */
export function install(state: AuthState, id: string, { signedIn, origin }: Arrival): Step {
  const { session } = state
  const former = session.status === 'authenticated' ? session.account : null
  // The same object while nothing shown has changed, so that a renewal renders no component that shows it.
  const unchanged = JSON.stringify(former) === JSON.stringify(signedIn.account)
  const account = former && unchanged ? former : signedIn.account
  const installed = showFirst({
    ...state,
    session: { status: 'authenticated', renewal: { status: 'ok' }, ...signedIn, account },
    former: { status: 'known', account },
    // The person has returned, so a question for them is dropped.
    interactions: state.interactions.filter(one => !endsWithReturn(one)),
  })
  const dropped = state.interactions.filter(endsWithReturn).map(one => endOf(one.id, null))
  return join(installed, step(state, [], [{ type: 'tokens.install', id, origin }]), ...dropped)
}

export function replace(state: AuthState, interaction: Interaction): AuthState {
  return {
    ...state,
    interactions: state.interactions.map(one => (one.id === interaction.id ? interaction : one)),
  }
}

function endOf(id: string, error: AuthError | null): Omit<Step, 'state'> {
  return {
    // What was not installed by now never will be.
    tokenEffects: [{ type: 'tokens.discard', id }],
    effects: [
      { type: 'window.close', id },
      { type: 'visit.settle', id, error },
    ],
  }
}
