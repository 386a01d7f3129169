import { type Account, isSameAccount } from './account.ts'
import { type AuthError, InteractionCancelledError } from './errors.ts'
import type { AuthState, Interaction, Prompt, SignedIn } from './state.ts'
import type { Asked, AuthEffect, Step } from './transition.ts'

// What the state machine's rules are made of.

export function fresh(asked: Asked): Interaction {
  const { id, kind, action, reason, expected, ladder } = asked
  return {
    id,
    kind,
    action,
    expected,
    ladder,
    phase: 'queued',
    prompt: null,
    arrival: null,
    ...(reason !== undefined && { reason }),
  }
}

export function endAll(state: AuthState, reason: InteractionCancelledError['reason']): Step {
  const ended = state.interactions.flatMap(({ id }) => end(id, new InteractionCancelledError(reason)))
  return [{ ...state, interactions: [] }, ended]
}

/** Puts the first interaction on screen if it is not there yet. */
export function activate(state: AuthState): Step {
  const first = state.interactions[0]
  return [first?.phase === 'queued' ? replace(state, shown(first, 'confirming', 'none')) : state, []]
}

export function shown(
  interaction: Interaction,
  phase: Interaction['phase'],
  window: 'none' | 'open' | 'lost',
): Interaction {
  const { id, kind, action, reason, expected: account } = interaction
  const prompt: Prompt | null =
    kind === 'sign_in' || !account
      ? null
      : kind === 'step_up'
        ? { id, type: kind, action, account, window, ...(reason !== undefined && { reason }) }
        : { id, type: kind, account, window }
  return { ...interaction, phase, prompt }
}

export function mismatched(interaction: Interaction, expected: Account, arrival: SignedIn): Interaction {
  const prompt = { id: interaction.id, type: 'account_mismatch', expected, actual: arrival.account } as const
  return { ...interaction, phase: 'mismatched', arrival, prompt }
}

export function install(state: AuthState, id: string, signedIn: SignedIn): Step {
  const { session, resumed } = state
  const former = session.status === 'authenticated' ? session.account : null
  const another = former !== null && !isSameAccount(former, signedIn.account)
  // The same object while nothing shown has changed, so that a renewal renders nobody who shows it.
  const unchanged = JSON.stringify(former) === JSON.stringify(signedIn.account)
  const account = former && unchanged ? former : signedIn.account
  // What one person was asked or meant to do is nothing for the next, and who is back need not be asked back.
  const isOver = ({ kind, expected }: Interaction): boolean =>
    another || (kind === 'session_ended' && expected !== null && isSameAccount(expected, account))
  const error = another ? new InteractionCancelledError('superseded') : null
  const [next] = activate({
    ...state,
    session: { status: 'authenticated', renewal: { status: 'ok' }, ...signedIn, account },
    interactions: state.interactions.filter(one => !isOver(one)),
    resumed: another ? null : resumed,
  })
  return [
    next,
    [{ type: 'tokens.install', id }, ...state.interactions.filter(isOver).flatMap(one => end(one.id, error))],
  ]
}

export function finish(state: AuthState, id: string, error: AuthError | null): Step {
  const [next] = activate({ ...state, interactions: state.interactions.filter(one => one.id !== id) })
  return [next, end(id, error)]
}

function end(id: string, error: AuthError | null): AuthEffect[] {
  return [
    // What was not installed by now never will be.
    { type: 'tokens.discard', id },
    { type: 'window.close', id },
    { type: 'interaction.settle', id, error },
  ]
}

export function replace(state: AuthState, interaction: Interaction): AuthState {
  return {
    ...state,
    interactions: state.interactions.map(one => (one.id === interaction.id ? interaction : one)),
  }
}
