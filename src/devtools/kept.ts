import type { Entry } from './entries.ts'
import { pathOf } from './machine-path.ts'
import { rowsOf } from './timeline-rows.ts'

// What the panel keeps in this tab's sessionStorage, so that a redirect to the provider does not end the timeline.

/** What is kept while a page goes and the next one comes. */
export interface Kept {
  readonly isOpen: boolean
  readonly tab: string
  readonly entries: readonly Entry[]
}

const keyFor = (name: string): string => `afresh:devtools:${name}`

/** What the page before has kept; null where there is nothing, or nothing that can be read. */
export function readKept(name: string): Kept | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyFor(name)) ?? 'null')
    return isKept(kept) ? { ...kept, entries: kept.entries.filter(isBefore) } : null
  } catch {
    // It is forbidden, or another script has written there.
    return null
  }
}

/** Nothing in it is secret: an entry has no more than a log event. */
export function writeKept(name: string, kept: Kept): void {
  try {
    sessionStorage.setItem(keyFor(name), JSON.stringify(kept))
  } catch {
    // It is full or forbidden: then the timeline begins with the page.
  }
}

function isKept(value: unknown): value is Kept {
  const { isOpen, tab, entries } = Object(value) as Record<keyof Kept, unknown>
  return (
    typeof isOpen === 'boolean' && typeof tab === 'string' && Array.isArray(entries) && canBeRead(entries)
  )
}

/** It throws for what is no entry. */
function canBeRead(entries: Kept['entries']): boolean {
  return entries.every(({ at }) => isTime(at)) && rowsOf(entries).length + pathOf(entries).length >= 0
}

function isTime(at: unknown): boolean {
  return typeof at === 'number' && Number.isFinite(new Date(at).getTime())
}

/** A page that comes back from the browser's cache has its own entries still. */
function isBefore({ at }: Entry): boolean {
  return at < performance.timeOrigin
}
