import { readValue } from '../op/guarded-storage.ts'
import { createMemoryStorage } from './memory-storage.ts'
import type { TestPerson } from './script.ts'
import type { Tab } from './test-tab.ts'
import type { World } from './world.ts'

/** An entry of sessionStorage: its key, and its text. */
type Entry = readonly [string, string]

/**
 * What the callback page adds to sessionStorage when a page that has left for the OP is back: the OP's answer, with the
 * redirect that it answers. Null where the page has not left.
 *
 * @param person who signs in there; null: who is there
 */
export function entryAfterVisit(world: World, tab: Tab, person: TestPerson | null): Entry | null {
  const { left } = tab.page
  if (left === null) return null
  if (person) world.signIn(person)
  const params = tab.signOutAnswer ?? world.network.authorize(left)
  const key = `afresh:tx:${new URLSearchParams(params).get('state')}`
  const departure = readValue<object>(createMemoryStorage(tab.stored), key)
  return departure ? [key, JSON.stringify({ ...departure, params })] : null
}
