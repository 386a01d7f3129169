import { ConfigurationError } from '../../core/errors.ts'
import type { FreshnessStore } from './store.ts'

export interface MemoryStoreOptions {
  /** Epoch seconds. Default: the system's clock. */
  readonly now?: () => number
  /** How many keys to hold at once. Default: 100,000, about 20 MB. */
  readonly maxEntries?: number
}

let warned = false

/** The memory store for who gave none. Says so once where it may matter: in production. */
export function defaultStore(now: () => number): FreshnessStore {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  if (!warned && process?.env?.NODE_ENV === 'production') {
    warned = true
    console.warn('afresh: the store is this process’s memory. With several processes, give them one `store`.')
  }
  return memoryStore({ now })
}

/**
 * A store for a backend of one process. With several, each would accept the same grant once: share a store.
 * It never forgets a live key to make room: full of live keys, it rejects.
 *
 * @throws {ConfigurationError} when `maxEntries` is not a positive integer
 */
export function memoryStore(options: MemoryStoreOptions = {}): FreshnessStore {
  const { now = () => Math.floor(Date.now() / 1000), maxEntries = 100_000 } = options
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new ConfigurationError('maxEntries must be a positive integer')
  }
  const entries = new Map<string, { readonly value: number; readonly expires: number }>()
  let purgedAt: number | undefined

  function live(key: string): number | undefined {
    const time = now()
    // Once a second is enough: nothing else expires in between.
    if (time !== purgedAt) {
      for (const [old, { expires }] of entries) if (expires <= time) entries.delete(old)
      purgedAt = time
    }
    return entries.get(key)?.value
  }

  function keep(key: string, value: number, ttlSeconds: number): void {
    if (entries.size >= maxEntries && !entries.has(key)) throw new Error('The memory store is full')
    entries.set(key, { value, expires: now() + ttlSeconds })
  }

  // Nothing is awaited between looking and writing, which is what makes each operation atomic.
  return {
    async consume(key, ttlSeconds) {
      if (live(key) !== undefined) return false
      keep(key, 1, ttlSeconds)
      return true
    },
    async advance(key, value, ttlSeconds) {
      const last = live(key)
      if (last !== undefined && !(value > last)) return false
      keep(key, value, ttlSeconds)
      return true
    },
  }
}
