import { unavailable } from './refusal.ts'

/** The work's outcome, or a rejection when it takes too long. The work itself is *not* stopped. */
export type TimeLimit = <T>(work: Promise<T>) => Promise<T>

/**
 * Limits how long each piece of work may take. One timer serves all that is under way, since of work with one limit the
 * oldest is late first, and to set and clear a timer for each is dear where a request takes a fraction of a millisecond.
 *
 * @param late what to reject with
 */
export function createTimeLimit(milliseconds: number, late: () => Error): TimeLimit {
  const underWay = new Set<{ readonly until: number; readonly reject: (error: Error) => void }>()
  let timer: { unref?(): void } | undefined

  function check(): void {
    const now = performance.now()
    for (const work of underWay) {
      if (work.until <= now && underWay.delete(work)) work.reject(late())
    }
    const [next] = underWay
    timer = next && (setTimeout(check, Math.ceil(next.until - now)) as typeof timer)
    // It may outlive what it was for, and must keep no process alive.
    timer?.unref?.()
  }

  return work =>
    new Promise((resolve, reject) => {
      const entry = { until: performance.now() + milliseconds, reject }
      underWay.add(entry)
      if (!timer) check()
      work.then(resolve, reject).then(() => underWay.delete(entry))
    })
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
