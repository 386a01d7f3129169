import { entryAfterVisit } from './come-back.ts'
import { addControls } from './controls.ts'
import { openFirstTab } from './first-tab.ts'
import { parts } from './parts.ts'
import { settle } from './settle.ts'
import { createStepUpDirector } from './step-up-director.ts'
import { createTabMethods, type Steps } from './tab-methods.ts'
import type { TestClient, TestClientOptions, TestTab } from './test-client.ts'
import { checkTestOptions, clientOptions, worldOptions } from './test-options.ts'
import { openTab, type Surroundings, type Tab } from './test-tab.ts'
import { createWorld } from './world.ts'
import { createWorldMethods } from './world-methods.ts'

/**
 * @param steps how each step of a test is run
 * @param loaded resolves when what the app itself loads later is there
 */
export function makeTestClient(
  given: TestClientOptions,
  { inTime, atOnce }: Steps,
  loaded: Promise<unknown>,
): TestClient {
  checkTestOptions(given)
  const { stepUp = 'grant', signsIn = null } = given
  const options = clientOptions(given)
  const director = createStepUpDirector(stepUp)
  const world = createWorld(worldOptions(options, given, director.decide, Promise.all([parts, loaded])))
  const metadata = { ...world.network.metadata, ...options.metadata, ...addressesIn(world.network.metadata) }
  const start = { options: { ...options, metadata }, signsIn }
  const surroundings = { world, director, start }
  const { tab, prepared } = openFirstTab(surroundings, given)
  const steps: Steps = {
    inTime: async work => {
      await inTime(async () => {
        await prepared
        await work()
      })
      // What has been rendered since may have led to more.
      await inTime(() => settle(world))
    },
    atOnce,
  }
  return describeClient(surroundings, tab, steps)
}

/** Of a discovery document: a test must never reach the app's real provider. */
function addressesIn(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => typeof value === 'string'))
}

function describeClient(surroundings: Surroundings, tab: Tab, steps: Steps): TestClient {
  const { world, director, start } = surroundings
  director.play(tab.client)
  const methods = createTabMethods(world, tab, steps)
  const auth: TestClient = {
    ...createWorldMethods(world, tab, steps.inTime),
    ...methods,
    get popup() {
      return methods.popup
    },
    get left() {
      return methods.left
    },
    get stepUp() {
      return director.script
    },
    set stepUp(script) {
      director.script = script
    },
    get evil() {
      return world.script.evil ?? null
    },
    set evil(evil) {
      world.script.evil = evil
    },
    otherTab: () => openOtherTab(surroundings, steps),
    reload: ({ as = null } = {}) => {
      const entry = entryAfterVisit(world, tab, as)
      const stored = new Map([...tab.stored, ...(entry ? [entry] : [])])
      steps.atOnce(tab.unload)
      return describeClient(surroundings, openTab(world, { ...start, stored }), steps)
    },
    dispose: () =>
      steps.atOnce(() => {
        for (const unload of [...world.pages.values()]) unload()
      }),
  }
  addControls(auth)
  return auth
}

function openOtherTab({ world, director, start }: Surroundings, steps: Steps): TestTab {
  const tab = openTab(world, start)
  director.play(tab.client)
  tab.client.mount()
  return createTabMethods(world, tab, steps)
}
