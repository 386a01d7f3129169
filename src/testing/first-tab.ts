import { leaveForStepUp } from './pending-step-up.ts'
import type { TestPerson } from './script.ts'
import { keepRemembered, knownState, seedSession } from './seed.ts'
import type { TestClientOptions, TestPendingStepUp } from './test-client.ts'
import { openTab, type Surroundings, type Tab } from './test-tab.ts'

/** The tab that a test begins with. */
export interface FirstTab {
  readonly tab: Tab
  /** Resolves when all is there that the test has been promised. */
  readonly prepared: Promise<void>
}

/** Opens it as the test's options say. */
export function openFirstTab(surroundings: Surroundings, given: TestClientOptions): FirstTab {
  const { world, start } = surroundings
  const { session = null, pending, remembered = [] } = given
  const person = session === 'initializing' ? null : session
  if (person) world.script.person = person
  for (const one of [...remembered, ...(person ? [person] : [])]) world.meet(one)
  const known = knownState(world, person, remembered)
  const tab = openTab(world, { ...start, known, isPrepared: pending !== undefined })
  if (session === 'initializing') tab.windows.holdFrames()
  else seedSession(world, tab.parts, person)
  keepRemembered(tab.parts)
  const prepared = person && pending ? comeBack(surroundings, tab, person, pending) : Promise.resolve()
  return { tab, prepared }
}

/** The page is shown once the person is back from the OP. */
async function comeBack(
  surroundings: Surroundings,
  tab: Tab,
  person: TestPerson,
  pending: TestPendingStepUp,
): Promise<void> {
  try {
    const entry = await leaveForStepUp(surroundings, person, pending)
    if (entry) tab.stored.set(...entry)
    tab.page.show()
  } catch (error) {
    // The test may be over by now.
    if (!tab.page.isGone) throw error
  }
}
