import { type CheckedStore, checkedStore } from '../stores/checked.ts'
import { processMemory } from '../stores/memory.ts'
import type { StoreOption } from '../stores/store.ts'
import { isWholeNumber, type Need } from './need.ts'

interface StoreOptions {
  readonly store: StoreOption
  /** Seconds. */
  readonly storeTimeout?: number | undefined
}

/** The store that the options name, with every answer checked. @throws {ConfigurationError} */
export function readStore({ store, storeTimeout = 2 }: StoreOptions, need: Need): CheckedStore {
  const isInRange = Number.isFinite(storeTimeout) && storeTimeout > 0 && storeTimeout <= 60
  need(isInRange, 'storeTimeout must be seconds, more than 0 and at most 60')
  if (store === 'memory') {
    warnInProduction()
    return { ...processMemory(), tried: async () => {}, within: undefined }
  }
  const operations = ['consume', 'advance', 'redeem'] as const
  need(
    typeof store === 'object' &&
      store !== null &&
      operations.every(name => typeof store[name] === 'function'),
    'store must be "memory" (of this process alone) or have consume, advance and redeem, e.g. sqlStore(…), redisStore(…)',
  )
  const { since = 0 } = store
  // With a time in milliseconds, or none at all, every token would count as expired.
  need(isWholeNumber(since, 0, 99_999_999_999), 'store: since must be whole epoch seconds')
  return checkedStore(store, storeTimeout)
}

let hasWarned = false

function warnInProduction(): void {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  if (hasWarned || process?.env?.NODE_ENV !== 'production') return
  hasWarned = true
  console.warn(
    'afresh: store is "memory". With a second process of this API, a grant would pass once in each.',
  )
}
