import type { Happening, Inspection } from '../client/inspection.ts'
import type { AuthLogEvent } from '../client/log-events.ts'

/** One entry of the timeline: what the client has done, or that the page was loaded anew in between. */
export type Entry = Happening | { readonly at: number; readonly type: 'loaded' }

/** How many entries are kept, those of pages before included. */
const kept = 200

/** What happened before this page was loaded, and since. Each entry is the same object each time. */
export function entriesOf(before: readonly Entry[], inspection: Inspection | null): Entry[] {
  const since = inspection?.happenings() ?? []
  return [...before, ...since].slice(-kept)
}

/** What pages before this one have kept, and that this one was loaded then. */
export function untilLoaded(before: readonly Entry[]): readonly Entry[] {
  return before.length > 0 ? [...before, { at: performance.timeOrigin, type: 'loaded' }] : []
}

/** The log event of an entry; null where it has none. */
export function eventOf(entry: Entry): AuthLogEvent | null {
  return entry.type === 'logged' ? entry.event : null
}
