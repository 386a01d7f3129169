import { leaveForStepUp } from './pending-step-up.ts'
import type { TestPerson } from './script.ts'
import { keepRemembered, knownState, seedSession } from './seed.ts'
import type { TestClientOptions, TestPendingStepUp } from './test-client.ts'
import { openTab, type Surroundings, type Tab } from './test-tab.ts'

/** Opens the tab that a test begins with, as its options say. */
export function openFirstTab(surroundings: Surroundings, given: TestClientOptions): Tab {
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
  if (person && pending) void comeBack(surroundings, tab, person, pending)
  return tab
}

/** The page is shown once the person is back from the OP. */
async function comeBack(
  surroundings: Surroundings,
  tab: Tab,
  person: TestPerson,
  pending: TestPendingStepUp,
): Promise<void> {
  const entry = await leaveForStepUp(surroundings, person, pending)
  if (entry) tab.stored.set(...entry)
  tab.page.show()
}
