import { createStore } from 'zustand/vanilla'
import type { Effect, TokenEffect } from '../core/machine/effects.ts'
import type { AuthEvent } from '../core/machine/events.ts'
import type { AuthState } from '../core/machine/state.ts'
import { transition } from '../core/machine/transition.ts'
import type { Browser } from '../op/browser.ts'
import { attempt } from './browser.ts'

/** A store that can be read but not written: only events change its state. */
export interface ReadonlyStore<T> {
  /** The state now. A state is never changed in place: the same object means that nothing has changed. */
  getState(): T
  /**
   * The state that the store began with. It is for rendering on a server, and for the first render in a page that a
   * server has rendered.
   */
  getInitialState(): T
  /**
   * Calls the listener after each change.
   *
   * @param listener gets the new state and the state before it
   * @returns a function that ends the calls
   */
  subscribe(listener: (state: T, previous: T) => void): () => void
}

export interface Machine {
  readonly store: ReadonlyStore<AuthState>
  readonly dispatch: (event: AuthEvent) => void
}

/** What a machine needs of its surroundings. */
export interface MachineRunner {
  runTokenEffect(effect: TokenEffect): void
  runEffect(effect: Effect): void
  /** Hears of each event after its state is published. */
  observe(event: AuthEvent, state: AuthState, previous: AuthState): void
}

/**
 * Runs `transition`: one event at a time, also when an effect or a subscriber sends another. Effects on tokens run
 * before the new state is published, so that a subscriber that hears of a session can use it at once; all others after
 * it. Everything runs within the caller's turn, or a click could not open a popup.
 */
export function createMachine(
  browser: Pick<Browser, 'reportError'>,
  initial: AuthState,
  runner: MachineRunner,
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
        const { state, tokenEffects, effects } = transition(previous, next)
        for (const effect of tokenEffects) attempt(browser, () => runner.runTokenEffect(effect))
        attempt(browser, () => store.setState(state, true))
        attempt(browser, () => runner.observe(next, state, previous))
        for (const effect of effects) attempt(browser, () => runner.runEffect(effect))
      }
    } finally {
      running = false
    }
  }
  return { store: readonly(store), dispatch }
}

export function readonly<T>({ getState, getInitialState, subscribe }: ReadonlyStore<T>): ReadonlyStore<T> {
  return { getState, getInitialState, subscribe }
}
