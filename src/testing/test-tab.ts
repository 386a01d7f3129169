import type { AuthClient } from '../client/auth-client.ts'
import type { ClientParts } from '../client/client-parts.ts'
import { buildClient } from '../client/create-client-in.ts'
import { defaults } from '../client/defaults.ts'
import type { AuthClientOptions } from '../client/options.ts'
import { resolveOptions } from '../client/resolved-options.ts'
import { expectedBy } from '../core/machine/interaction.ts'
import type { AuthState } from '../core/machine/state.ts'
import type { Browser } from '../op/browser.ts'
import { createMemoryStorage } from './memory-storage.ts'
import type { TestPerson } from './script.ts'
import type { StepUpDirector } from './step-up-director.ts'
import { createTestFetch } from './test-fetch.ts'
import { createTestPage, type TestPage } from './test-page.ts'
import { createTestWindows, type TestWindows } from './test-windows.ts'
import type { World } from './world.ts'

/** One tab of the browser, with one page, and one client in it. */
export interface Tab {
  readonly client: AuthClient
  readonly parts: ClientParts
  readonly page: TestPage
  readonly windows: TestWindows
  /** sessionStorage, as it is now. */
  readonly stored: Map<string, string>
  /**
   * Who signs in in the next popup. Undefined: the person that the client expects, else whoever signs in by themselves.
   * Null: nobody, and the popup waits.
   */
  nextPerson: TestPerson | null | undefined
  /** What the OP's page for signing out has sent this tab back with; null where it has not been there. */
  readonly signOutAnswer: string | null
  /** The page goes away. Nothing of it happens any more. */
  unload(): void
}

export interface TabStart {
  readonly options: AuthClientOptions
  /** What sessionStorage has from before. */
  readonly stored?: ReadonlyMap<string, string>
  /** Whether the page is only prepared, until it is shown. */
  readonly isPrepared?: boolean
  /** Of the client's first state, what it need not find out. Default: nothing. */
  readonly known?: Partial<AuthState>
  /** Who signs in where any person may; null where the popup is to wait. */
  readonly signsIn: TestPerson | null
}

/** What the tabs of one world have in common. */
export interface Surroundings {
  readonly world: World
  readonly director: StepUpDirector
  readonly start: TabStart
}

export function openTab(world: World, start: TabStart): Tab {
  const { options, stored: before, isPrepared = false, known } = start
  const { network, locks, pages } = world
  const stored = new Map(before)
  let signOutAnswer: string | null = null
  const page = createTestPage(isPrepared, url => {
    if (!url.startsWith(String(network.metadata.end_session_endpoint))) return locks.leave(page)
    signOutAnswer = network.endSession(url)
    page.goOn()
  })
  const windows = createTestWindows(world, () => whoIsThere(world, tab, start.signsIn))
  const browser = createBrowser(world, page, windows, stored, options)
  const tab: Tab = {
    ...buildClient(browser, resolveOptions(options, page), known),
    page,
    windows,
    stored,
    nextPerson: undefined,
    get signOutAnswer() {
      return signOutAnswer
    },
    unload: () => {
      page.goAway()
      tab.client.dispose()
      locks.leave(page)
      pages.delete(page)
    },
  }
  pages.set(page, tab.unload)
  tab.client.store.subscribe(world.noteHappening)
  return tab
}

/** Who signs in in the popup that goes to the OP now; null where it waits. */
function whoIsThere(world: World, tab: Tab, signsIn: TestPerson | null): TestPerson | null {
  const { nextPerson, client } = tab
  tab.nextPerson = undefined
  if (nextPerson !== undefined) return nextPerson
  const [interaction] = client.store.getState().interactions
  const expected = interaction ? expectedBy(interaction) : null
  return expected ? (world.find(expected.sub) ?? null) : signsIn
}

function createBrowser(
  world: World,
  page: TestPage,
  windows: TestWindows,
  stored: Map<string, string>,
  { callbackUrl = defaults.callbackUrl }: AuthClientOptions,
): Browser {
  const { clock, channels, locks } = world
  return {
    clock: {
      ...clock,
      setTimer: (work, milliseconds) => clock.setTimer(() => !page.isGone && work(), milliseconds),
    },
    page,
    fetch: createTestFetch(world, page, new URL(callbackUrl, page.origin).href),
    browserStorage: world.storageOf(page),
    tabStorage: createMemoryStorage(stored),
    openChannel: channels.open,
    locks: locks.of(page),
    openPopup: windows.openPopup,
    openFrame: windows.openFrame,
    reportError,
  }
}

/** Whoever runs the tests hears of it. */
function reportError(error: unknown): void {
  void Promise.reject(error)
}
