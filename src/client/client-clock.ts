import type { AuthState } from '../core/machine/state.ts'
import type { BrowserClock } from '../op/browser.ts'
import type { ReadonlyStore } from './run-machine.ts'

/** The clock of each client, by its store. */
const clocks = new WeakMap<ReadonlyStore<AuthState>, BrowserClock>()

/** Lets others follow the clock of the client with this store. */
export function keepClock(store: ReadonlyStore<AuthState>, clock: BrowserClock): void {
  clocks.set(store, clock)
}

/** The clock that the client with this store goes by; null for one that has no page, as on a server. */
export function clockOf(store: ReadonlyStore<AuthState>): BrowserClock | null {
  return clocks.get(store) ?? null
}
