import { unavailable } from '../http/refusal.ts'

/** How much work a lane takes. */
export interface LaneOptions {
  /** How many pieces of work may be under way. */
  readonly width: number
  /** How many more may wait for a place. */
  readonly maxWaiting: number
  /** For how many milliseconds a piece of work waits for a place. */
  readonly waitTimeout: number
}

/**
 * Does a piece of work when there is a place for it: first come, first served.
 *
 * @throws {Refusal} 503 when no place comes free
 */
export type Lane = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Limits how much work is under way, and lets a bounded number wait a little: a short burst is served, and a long one
 * cannot make other clients wait for nothing. Work that has begun is *not* limited in time.
 */
export function createLane({ width, maxWaiting, waitTimeout }: LaneOptions): Lane {
  let underWay = 0
  // A set keeps its order, and an entry can leave it from the middle.
  const waiting = new Set<() => void>()

  // Refusals have no cause: a flood must not fill the log as well.
  function waitForPlace(): Promise<void> {
    if (waiting.size >= maxWaiting) throw unavailable(undefined, 1)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(enter)
        reject(unavailable(undefined, 1))
      }, waitTimeout)
      const enter = (): void => {
        waiting.delete(enter)
        clearTimeout(timer)
        resolve()
      }
      waiting.add(enter)
    })
  }

  function leave(): void {
    const [enterNext] = waiting
    // The place is handed on, so that no newcomer slips in between.
    if (enterNext) enterNext()
    else underWay--
  }

  return async work => {
    if (underWay < width) underWay++
    else await waitForPlace()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
