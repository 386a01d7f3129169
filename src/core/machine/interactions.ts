import type { Account } from '../account.ts'
import { type AuthError, InteractionCancelledError } from '../errors.ts'
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

/** Ends what was begun before this one, and keeps only it. */
export function endOthers(state: AuthState, kept: string): Step {
  const isKept = ({ id }: Interaction): boolean => id === kept
  const [, ended] = endAll(
    { ...state, interactions: state.interactions.filter(one => !isKept(one)) },
    'superseded',
  )
  return [{ ...state, interactions: state.interactions.filter(isKept) }, ended]
}

/** Puts the first interaction on screen if it is not there yet. */
export function activate(state: AuthState): Step {
  const first = state.interactions[0]
  if (first?.phase === 'queued') return [replace(state, shown(first, 'confirming', 'none')), []]
  return [first ? replace(state, asksWho(first)) : state, []]
}

export function shown(
  interaction: Interaction,
  phase: Interaction['phase'],
  window: 'none' | 'open' | 'lost',
): Interaction {
  const { id, kind, action, reason, expected: account } = interaction
  const prompt: Prompt | null =
    kind === 'sign_in' || kind === 'account_changed' || !account
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

/** Puts `account_changed` on screen, again if it was put off. */
export function asksWho(interaction: Interaction): Interaction {
  const { id, kind, expected: from, arrival } = interaction
  if (kind !== 'account_changed' || !from || !arrival) return interaction
  return { ...interaction, prompt: { id, type: kind, from, to: arrival.account } }
}

export function install(state: AuthState, id: string, signedIn: SignedIn): Step {
  const { session } = state
  const former = session.status === 'authenticated' ? session.account : null
  // The same object while nothing shown has changed, so that a renewal renders nobody who shows it.
  const unchanged = JSON.stringify(former) === JSON.stringify(signedIn.account)
  const account = former && unchanged ? former : signedIn.account
  // Who is back need not be asked back.
  const isOver = ({ kind }: Interaction): boolean => kind !== 'sign_in' && kind !== 'step_up'
  const [next] = activate({
    ...state,
    session: { status: 'authenticated', renewal: { status: 'ok' }, ...signedIn, account },
    former: account,
    interactions: state.interactions.filter(one => !isOver(one)),
  })
  return [
    next,
    [{ type: 'tokens.install', id }, ...state.interactions.filter(isOver).flatMap(one => end(one.id, null))],
  ]
}

export function finish(state: AuthState, id: string, error: AuthError | null): Step {
  const others = state.interactions.filter(one => one.id !== id)
  if (others.length === state.interactions.length) return [state, []]
  return [activate({ ...state, interactions: others })[0], end(id, error)]
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
