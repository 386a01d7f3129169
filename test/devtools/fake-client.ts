import type { AuthClient } from '../../src/client/auth-client.ts'
import {
  allowInspection,
  createRecorder,
  type Recorder,
  type TestControl,
} from '../../src/client/inspection.ts'
import type { AuthState } from '../../src/core/machine/state.ts'
import { now, options } from './samples.ts'

/** A client whose state and happenings are the test's. */
export interface FakeClient {
  readonly client: AuthClient
  readonly recorder: Recorder
  show(state: AuthState): void
  /** How many listen to its state. */
  readonly listeners: number
}

export function fakeClient(initial: AuthState, controls: readonly TestControl[] = []): FakeClient {
  const listeners = new Set<() => void>()
  let state = initial
  const store = {
    getState: () => state,
    getInitialState: () => initial,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const client = { store, mount: () => () => {} } as unknown as AuthClient
  let time = 0
  const recorder = createRecorder(() => time++)
  allowInspection(client, { ...recorder, hasRefreshToken: () => true, now: () => now, options, controls })
  return {
    client,
    recorder,
    show: next => {
      state = next
      for (const listener of listeners) listener()
    },
    get listeners() {
      return listeners.size
    },
  }
}
