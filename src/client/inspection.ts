import type { AuthEvent } from '../core/machine/events.ts'
import type { AuthState, SessionState } from '../core/machine/state.ts'
import type { AuthClient } from './auth-client.ts'
import type { AuthLogEvent } from './log-events.ts'

/** Where the state machine is: what of its state a reader follows. */
export interface MachinePlace {
  readonly session: SessionState['status']
  /** The types of what is under way, the first is the one on screen. */
  readonly interactions: readonly string[]
}

/** One thing that a client has done. Nothing in it is secret, and nothing names the person. */
export type Happening = {
  /** Epoch milliseconds. */
  readonly at: number
} & (
  | { readonly type: 'logged'; readonly event: AuthLogEvent }
  | {
      readonly type: 'step'
      readonly event: AuthEvent['type']
      readonly from: MachinePlace
      readonly to: MachinePlace
    }
)

/** What a test client lets a developer do, as the devtools offer it. */
export interface TestControl {
  /** As a button says it, such as "Drop the network". */
  readonly label: string
  run(): void | Promise<void>
}

/** What the devtools see of one client. */
export interface Inspection {
  /** The last 200, the oldest first. Another list after each change. */
  happenings(): readonly Happening[]
  /** Calls the listener after each, until the returned function is called. */
  subscribe(listener: () => void): () => void
  /** Whether the session has a refresh token. */
  hasRefreshToken(): boolean
  /** The client's clock, in epoch seconds: this device's, or a test client's own. */
  now(): number
  /** Empty unless this is a test client. */
  controls: readonly TestControl[]
}

/** How many happenings a client keeps. */
const kept = 200

/** Keeps what a client does, for the devtools. */
export interface Recorder extends Pick<Inspection, 'happenings' | 'subscribe'> {
  logged(event: AuthLogEvent): void
  step(event: AuthEvent['type'], state: AuthState, previous: AuthState): void
}

/** @param now epoch milliseconds */
export function createRecorder(now: () => number): Recorder {
  const listeners = new Set<() => void>()
  let happenings: readonly Happening[] = []
  const add = (happening: Happening): void => {
    happenings = [...happenings.slice(1 - kept), happening]
    for (const listener of listeners) listener()
  }
  return {
    happenings: () => happenings,
    subscribe: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    logged: event => add({ at: now(), type: 'logged', event }),
    step: (event, state, previous) =>
      add({ at: now(), type: 'step', event, from: placeOf(previous), to: placeOf(state) }),
  }
}

function placeOf({ session, interactions }: AuthState): MachinePlace {
  return { session: session.status, interactions: interactions.map(({ type }) => type) }
}

const inspections = new WeakMap<AuthClient, Inspection>()

/** Lets the devtools see this client. */
export function allowInspection(client: AuthClient, inspection: Inspection): void {
  inspections.set(client, inspection)
}

/** What the devtools see of this client; null for one that has no page, as on a server. */
export function inspect(client: AuthClient): Inspection | null {
  return inspections.get(client) ?? null
}
