import type { AuthLogEvent } from 'afresh'
import { useSyncExternalStore } from 'react'
import type { Decision } from '../api/decisions.ts'
import { decisionInWords } from './decision-words.ts'
import { tabStorage } from './tab-storage.ts'
import { inWords, type Words } from './words.ts'

/** One line of the side panel. */
export interface Happening extends Words {
  readonly id: number
  /** Who says it: the package in this page, or the bank's server. */
  readonly from: 'page' | 'bank'
  /** Milliseconds since 1970. */
  readonly at: number
}

const key = 'pennyworth.happenings'
const longest = 60

// Kept over a redirect, because the lines before it belong to the story.
let happenings: readonly Happening[] = restore()
let before: AuthLogEvent['type'] | undefined
let lastDecision = happenings.findLast(({ from }) => from === 'bank')?.at ?? happenings[0]?.at ?? Date.now()
const listeners = new Set<() => void>()

/** The logger for the package: it writes what the package did to the side panel, in plain words. */
export function record(event: AuthLogEvent): void {
  // The page itself shows how what it called has ended.
  if (/^(sign_in|sign_out|step_up)\.failed$/.test(event.type)) return
  publish([...happenings, { id: nextId(), from: 'page', at: Date.now(), ...inWords(event, before) }])
  before = event.type
}

/** Writes down what the bank's server has decided meanwhile: each decision at its time. */
export function recordDecisions(decisions: readonly Decision[]): void {
  // Two answers under way may have the same ones.
  const news = decisions.filter(({ at }) => at > lastDecision)
  if (news.length === 0) return
  const first = nextId()
  const lines = news.map((decision, index): Happening => {
    return { id: first + index, from: 'bank', at: decision.at, ...decisionInWords(decision) }
  })
  lastDecision = news.at(-1)?.at ?? lastDecision
  publish([...happenings, ...lines].sort((one, other) => one.at - other.at))
}

/** Since when the bank's decisions are not written down. */
export const decisionsSince = (): number => lastDecision

const nextId = (): number => Math.max(0, ...happenings.map(({ id }) => id)) + 1

/** Empties the side panel. */
export function forgetHappenings(): void {
  lastDecision = Date.now()
  publish([])
}

/** The lines of the side panel, the newest at the end. */
export function useHappenings(): readonly Happening[] {
  return useSyncExternalStore(subscribe, () => happenings)
}

function publish(next: readonly Happening[]): void {
  happenings = next.slice(-longest)
  tabStorage.write(key, JSON.stringify(happenings))
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
