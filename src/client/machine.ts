import { createStore } from 'zustand/vanilla'
import type { AuthState } from '../core/machine/state.ts'
import { type AuthEffect, type AuthEvent, transition } from '../core/machine/transition.ts'

/** A store that can be read but not written: state changes by events only. */
export interface ReadonlyStore<T> {
  getState(): T
  getInitialState(): T
  subscribe(listener: (state: T, previous: T) => void): () => void
}

export interface Machine {
  readonly store: ReadonlyStore<AuthState>
  readonly dispatch: (event: AuthEvent) => void
}

/**
 * Runs `transition`: one event at a time, also when an effect or a subscriber sends another. Effects on tokens run
 * before the new state is published, so that whoever hears of a session can use it at once; all others after it.
 * Everything runs within the caller's turn, or a click could not open a popup.
 */
export function createMachine(
  initial: AuthState,
  perform: (effect: AuthEffect) => void,
  observe: (event: AuthEvent, state: AuthState, previous: AuthState) => void,
): Machine {
  const store = createStore<AuthState>(() => initial)
  const events: AuthEvent[] = []
  let running = false
  const dispatch = (event: AuthEvent): void => {
    events.push(event)
    if (running) return
    running = true
    try {
      for (let next = events.shift(); next; next = events.shift()) {
        const previous = store.getState()
        const [state, effects] = transition(previous, next)
        const aboutTokens = (effect: AuthEffect): boolean => effect.type.startsWith('tokens.')
        effects.filter(aboutTokens).forEach(perform)
        store.setState(state, true)
        observe(next, state, previous)
        effects.filter(effect => !aboutTokens(effect)).forEach(perform)
      }
    } finally {
      running = false
    }
  }
  const { getState, getInitialState, subscribe } = store
  return { store: { getState, getInitialState, subscribe }, dispatch }
}
