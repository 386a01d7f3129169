import { unavailable } from './refusal.ts'

/** The work's outcome, or a rejection when it takes too long. The work itself is *not* stopped. */
export type TimeLimit = <T>(work: Promise<T>) => Promise<T>

/**
 * Limits how long each piece of work may take, by a timer of its own: in Cloudflare Workers a timer ends with the
 * request that set it, so no other request can rely on it.
 *
 * @param late makes the error to reject with
 */
export function createTimeLimit(milliseconds: number, late: () => Error): TimeLimit {
  return work =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(late()), milliseconds)
      // In Node and Bun it is an object, and would keep the process from ending.
      if (typeof timer === 'object') (timer as { unref?(): void }).unref?.()
      work.then(resolve, reject).finally(() => clearTimeout(timer))
    })
}

/** Does a piece of work, unless too many are being done already. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Makes a gate that lets `limit` pieces of work run at once. It throws a 503 `Refusal` for one more, at once: a client
 * that waited in a queue would wait for nothing.
 */
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
