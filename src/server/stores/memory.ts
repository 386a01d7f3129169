import { ConfigurationError } from '../../core/errors.ts'
import { knownOptions } from '../setup/known-options.ts'
import { needFor } from '../setup/need.ts'
import type { FreshnessStore } from './store.ts'

/** How a memory store is set up. */
export interface MemoryStoreOptions {
  /** Gives the time in epoch seconds. Default: the system's clock. */
  readonly now?: () => number
  /** How many keys of each kind the store holds at once, 1 or more. Default: 100,000, about 20 MB. */
  readonly maxEntries?: number
}

/** What is kept of each key. Times in epoch seconds. */
type Entries = Map<string, { readonly value: number; readonly expires: number }>

let shared: FreshnessStore | undefined

/**
 * The memory store of this process, one for all guards, so that a guard that is made anew for each request forgets
 * nothing.
 */
export function processMemory(): FreshnessStore {
  shared ??= memoryStore()
  return shared
}

/**
 * Makes a store in memory, for a backend of one process. Several processes would each accept the same grant once, so
 * they must share another store. The store begins empty, so the guard accepts no token from before the store was made:
 * a restart ends open challenges and grants. The store never forgets a live key to make room. If it is full of live
 * keys of one kind, it rejects new keys of that kind and accepts the others.
 *
 * @param options how the store is set up
 * @throws {ConfigurationError} a `ConfigurationError`, for an unknown option, and if `maxEntries` is not a positive
 * integer
 */
export function memoryStore(options: MemoryStoreOptions = {}): FreshnessStore {
  knownOptions(needFor('memoryStore'), options, ['now', 'maxEntries'])
  const { now = () => Math.floor(Date.now() / 1000), maxEntries = 100_000 } = options
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new ConfigurationError('maxEntries must be a positive integer')
  }
  const kinds = new Map<string, Entries>()
  let purgedAt: number | undefined

  function entriesFor(key: string): Entries {
    const kind = key.slice(0, key.indexOf(':'))
    const entries = kinds.get(kind) ?? new Map()
    kinds.set(kind, entries)
    return entries
  }

  function live(key: string): number | undefined {
    const time = now()
    // Once a second is enough: nothing expires in between.
    if (time !== purgedAt) {
      for (const entries of kinds.values()) {
        for (const [old, { expires }] of entries) if (expires <= time) entries.delete(old)
      }
      purgedAt = time
    }
    return entriesFor(key).get(key)?.value
  }

  function makeRoom(key: string): void {
    const entries = entriesFor(key)
    if (entries.size >= maxEntries && !entries.has(key)) throw new Error('The memory store is full')
  }

  function keep(key: string, value: number, ttlSeconds: number): void {
    makeRoom(key)
    entriesFor(key).set(key, { value, expires: now() + ttlSeconds })
  }

  const isNewer = (key: string, value: number): boolean =>
    Number.isSafeInteger(value) && value > (live(key) ?? Number.NEGATIVE_INFINITY)

  // Each operation is atomic, because nothing is awaited between reading and writing.
  return {
    since: Math.floor(now()),
    async consume(key, ttlSeconds) {
      if (live(key) !== undefined) return false
      keep(key, 1, ttlSeconds)
      return true
    },
    async advance(key, value, ttlSeconds) {
      if (!isNewer(key, value)) return false
      keep(key, value, ttlSeconds)
      return true
    },
    async redeem(consumeKey, advanceKey, value, ttlSeconds) {
      if (live(consumeKey) !== undefined) return 'used'
      if (!isNewer(advanceKey, value)) return 'older'
      // Both or neither.
      makeRoom(advanceKey)
      keep(consumeKey, 1, ttlSeconds)
      keep(advanceKey, value, ttlSeconds)
      return 'ok'
    },
  }
}
