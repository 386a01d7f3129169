import { unavailable } from './errors.ts'
import type { FreshnessStore } from './store.ts'

/** Rejects when the work takes longer than so many milliseconds. The work itself is *not* stopped. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new Error(`The store did not answer within ${milliseconds} ms`))
    timer = setTimeout(fail, milliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** The same store, but one that hangs fails, so that nobody waits for it longer than `seconds`. */
export function impatient(store: FreshnessStore, seconds: number): FreshnessStore {
  return {
    consume: (...key) => within(seconds * 1000, store.consume(...key)),
    advance: (...key) => within(seconds * 1000, store.advance(...key)),
  }
}

/** Does a piece of work, unless so many are being done already. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

/** The gate throws a 503 `Refusal` at once rather than let work queue up: whoever waits, waits for nothing. */
export function createGate(limit: number): Gate {
  let inWork = 0
  return async work => {
    // Without a cause: a flood must not fill the log as well.
    if (inWork >= limit) throw unavailable(undefined, 1)
    inWork++
    try {
      return await work()
    } finally {
      inWork--
    }
  }
}
