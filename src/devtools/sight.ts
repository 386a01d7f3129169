import type { AuthClient } from '../client/auth-client.ts'
import { inspect, type TestControl } from '../client/inspection.ts'
import type { ResolvedOptions } from '../client/resolved-options.ts'
import type { AuthState } from '../core/machine/state.ts'
import { type Entry, entriesOf } from './entries.ts'

/** What there is to see of a client at one moment. */
export interface Sight {
  readonly state: AuthState
  readonly entries: readonly Entry[]
  /** Null where that cannot be seen. */
  readonly hasRefreshToken: boolean | null
  /** Epoch seconds of the client's clock. */
  readonly now: number
  /** Null where they cannot be seen. */
  readonly options: ResolvedOptions | null
  readonly controls: readonly TestControl[]
}

/** Looks at a client. @param before what happened before this page was loaded */
export function lookAt(client: AuthClient, before: readonly Entry[]): Sight {
  const inspection = inspect(client)
  return {
    state: client.store.getState(),
    entries: entriesOf(before, inspection),
    hasRefreshToken: inspection?.hasRefreshToken() ?? null,
    now: inspection?.now() ?? Math.floor(Date.now() / 1000),
    options: inspection?.options ?? null,
    controls: inspection?.controls ?? [],
  }
}

/** Calls the listener whenever there is something else to see, until the returned function is called. */
export function watch(client: AuthClient, listener: () => void): () => void {
  const stops = [client.store.subscribe(listener), inspect(client)?.subscribe(listener)]
  return () => {
    for (const stop of stops) stop?.()
  }
}
