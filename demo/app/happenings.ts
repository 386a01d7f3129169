import type { AuthLogEvent } from 'afresh'
import { useSyncExternalStore } from 'react'
import { tabStorage } from './tab-storage.ts'
import { inWords, type Words } from './words.ts'

/** One line of the side panel. */
export interface Happening extends Words {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly at: number
}

const key = 'pennyworth.happenings'
const longest = 60

// Kept over a redirect, because the lines before it belong to the story.
let happenings: readonly Happening[] = restore()
let before: AuthLogEvent['type'] | undefined
const listeners = new Set<() => void>()

/** The logger for the package: it writes what the package did to the side panel, in plain words. */
export function record(event: AuthLogEvent): void {
  // The page itself shows how what it called has ended.
  if (/^(sign_in|sign_out|step_up)\.failed$/.test(event.type)) return
  const id = (happenings.at(-1)?.id ?? 0) + 1
  publish([...happenings.slice(1 - longest), { id, at: Date.now(), ...inWords(event, before) }])
  before = event.type
}

/** Empties the side panel. */
export function forgetHappenings(): void {
  publish([])
}

/** The lines of the side panel, the newest at the end. */
export function useHappenings(): readonly Happening[] {
  return useSyncExternalStore(subscribe, () => happenings)
}

function publish(next: readonly Happening[]): void {
  happenings = next
  tabStorage.write(key, JSON.stringify(next))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function restore(): readonly Happening[] {
  try {
    const stored: unknown = JSON.parse(tabStorage.read(key) ?? '[]')
    return Array.isArray(stored) ? stored : []
  } catch {
    return []
  }
}
