import type { Happening, Inspection } from '../client/inspection.ts'
import type { AuthLogEvent } from '../client/log-events.ts'

/** One entry of the timeline: what the client has done, or that the page was loaded anew in between. */
export type Entry = Happening | { readonly at: number; readonly type: 'loaded' }

/** How many entries are kept, those of pages before included. */
const kept = 200

/** What happened before this page was loaded, and since. */
export function entriesOf(
  before: readonly Entry[],
  inspection: Inspection | null,
  loadedAt: number,
): Entry[] {
  const since = inspection?.happenings() ?? []
  const between: Entry[] = before.length > 0 ? [{ at: loadedAt, type: 'loaded' }] : []
  return [...before, ...between, ...since].slice(-kept)
}

/** The log event of an entry; null where it has none. */
export function eventOf(entry: Entry): AuthLogEvent | null {
  return entry.type === 'logged' ? entry.event : null
}
