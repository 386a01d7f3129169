import type { GuardedStorage } from '../op/guarded-storage.ts'
import { type Channels, createChannels } from './channels.ts'
import { type BrowserLocks, createLocks } from './locks.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import { createMemoryStorage } from './memory-storage.ts'
import { subOf } from './people.ts'
import type { Script, ScriptedNetwork, TestPerson } from './script.ts'
import { createScriptedNetwork } from './scripted-network.ts'
import type { TestPage } from './test-page.ts'

/** The world around a test client: one browser, its network, and the OP and the backend at the other end. */
export interface World {
  readonly clock: ManualClock
  readonly script: Script
  readonly network: ScriptedNetwork
  readonly channels: Channels
  readonly locks: BrowserLocks
  /** The pages that are open, one a tab, and what closes each. */
  readonly pages: Map<TestPage, () => void>
  /** What the pages have sent, in order. */
  readonly requests: Request[]
  /** Answers what is neither for the OP nor for the freshness endpoint. */
  readonly respond: (request: Request) => Response | Promise<Response>
  /** Resolves when the code is there that an app loads only when it is needed. */
  readonly loaded: Promise<unknown>
  isOnline: boolean
  /** Whether the browser blocks popups. */
  blocksPopups: boolean
  /** How many requests the OP and the freshness endpoint have not answered yet. */
  waitingForScript: number
  /** How many things wait for what may never come: the app's own backend, and windows for their request. */
  waitingForOthers: number
  /** What a function of the test's has thrown, which the client takes for a broken connection. */
  readonly mistakes: unknown[]
  /** localStorage, as this page sees it. */
  storageOf(page: TestPage): GuardedStorage
  /** Counts what happens, so that it can be seen whether anything does. */
  readonly happenings: number
  noteHappening(): void
  /** A person appears at the OP, and can be found by their `sub` from then on. */
  meet(person: TestPerson): TestPerson
  /** A person signs in at the OP. It has one session: what was there of another person's is over. */
  signIn(person: TestPerson): void
  find(sub: string): TestPerson | undefined
}

export interface WorldOptions extends Pick<Script, 'issuer' | 'clientId' | 'endpoint' | 'stepUp'> {
  readonly respond: World['respond']
  readonly loaded: World['loaded']
}

/** A world at this device's time, in which nobody is signed in. */
export function createWorld({ respond, loaded, ...rules }: WorldOptions): World {
  const clock = createManualClock(Date.now())
  const script: Script = { ...rules, now: () => clock.now() / 1000, person: null }
  const pages = new Map<TestPage, () => void>()
  const people = new Map<string, TestPerson>()
  let happenings = 0
  const noteHappening = (): void => {
    happenings++
  }
  const stored = new Map<string, string>()
  const tellOthers = (page: TestPage, key: string): void => {
    for (const other of pages.keys()) {
      if (other !== page) void Promise.resolve().then(() => other.emit('storage', { key }))
    }
  }
  const network = createScriptedNetwork(script)
  const meet = (person: TestPerson): TestPerson => {
    people.set(subOf(person), person)
    return person
  }
  return {
    clock,
    script,
    network,
    channels: createChannels(noteHappening),
    locks: createLocks(),
    pages,
    requests: [],
    respond,
    loaded,
    isOnline: true,
    blocksPopups: false,
    waitingForScript: 0,
    waitingForOthers: 0,
    mistakes: [],
    storageOf: page => createMemoryStorage(stored, key => tellOthers(page, key)),
    get happenings() {
      return happenings
    },
    noteHappening,
    meet,
    signIn: person => {
      const isThere = script.person !== null && subOf(script.person) === subOf(person)
      if (!isThere) network.endSession(String(network.metadata.end_session_endpoint))
      script.person = meet(person)
    },
    find: sub => people.get(sub),
  }
}
