import type { AuthEvent } from '../core/machine/events.ts'
import type { Interaction } from '../core/machine/interaction.ts'
import type { AuthState, SessionState } from '../core/machine/state.ts'
import type { AuthClient } from './auth-client.ts'
import type { AuthLogEvent } from './log-events.ts'
import type { ResolvedOptions } from './resolved-options.ts'

/** Where the state machine is: what of its state a reader follows. */
export interface MachinePlace {
  readonly session: SessionState['status']
  /** Why no person is signed in, or how the renewal of the session goes; null where there is no more to say. */
  readonly detail: string | null
  /** What is under way, such as `step_up (prompt)`; the first is the one on screen. */
  readonly interactions: readonly string[]
}

/** Silent work that a log event ends, or nothing where there was nothing to do. */
export type SilentWork = 'restore' | 'renewal'

/** One thing that a client has done. Nothing in it is secret, and nothing names the person. */
export type Happening = {
  /** Epoch milliseconds. */
  readonly at: number
} & (
  | { readonly type: 'logged'; readonly event: AuthLogEvent }
  | { readonly type: 'began'; readonly work: SilentWork }
  /** The state machine is at another place. Events that leave it where it is are not kept. */
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
  /** What the client was made with. It names the provider and the app's addresses, so a report has its kinds only. */
  readonly options: ResolvedOptions
  /** Empty unless this is a test client. */
  controls: readonly TestControl[]
}

/** How many happenings a client keeps. */
const kept = 200

/** Keeps what a client does, for the devtools. */
export interface Recorder extends Pick<Inspection, 'happenings' | 'subscribe'> {
  logged(event: AuthLogEvent): void
  began(work: SilentWork): void
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
    began: work => add({ at: now(), type: 'began', work }),
    step: (event, state, previous) => {
      const [from, to] = [placeOf(previous), placeOf(state)]
      if (!isSamePlace(from, to)) add({ at: now(), type: 'step', event, from, to })
    },
  }
}

/** Where a state is. */
export function placeOf({ session, interactions }: AuthState): MachinePlace {
  return { session: session.status, detail: detailOf(session), interactions: interactions.map(inWords) }
}

function detailOf(session: SessionState): string | null {
  switch (session.status) {
    case 'initializing':
      return null
    case 'anonymous':
      return session.reason
    case 'authenticated':
      return session.renewal.status === 'ok' ? null : `renewal ${session.renewal.status}`
  }
}

function inWords(interaction: Interaction): string {
  switch (interaction.type) {
    case 'visit':
      return `${interaction.goal.kind} (${interaction.place.at})`
    case 'mismatch':
      return `${interaction.goal.kind} (mismatch)`
    case 'account_question':
    case 'unmet_step_up':
    case 'account_switch':
      return interaction.type
  }
}

function isSamePlace(a: MachinePlace, b: MachinePlace): boolean {
  return a.session === b.session && a.detail === b.detail && a.interactions.join() === b.interactions.join()
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
