import { createTimeLimit, type TimeLimit } from './limits.ts'
import { failed, type Refusal, unavailable } from './refusal.ts'

/** How many milliseconds a body may take to arrive. */
const timeLimit = 10_000

/**
 * Waits for bodies to arrive: ten seconds for each, and for `limit` of them at once. When there is one more, the one
 * that has taken longest is refused: an honest body arrives within milliseconds, and connections that never finish
 * theirs must not keep it out.
 */
export function createBodyQueue(limit: number): TimeLimit {
  const inTime = createTimeLimit(timeLimit, () => failed('request_timeout'))
  // In the order of their arrival.
  const unfinished = new Set<(refusal: Refusal) => void>()
  return reading =>
    new Promise((resolve, reject) => {
      unfinished.add(reject)
      const [oldest] = unfinished
      if (unfinished.size > limit && oldest) {
        unfinished.delete(oldest)
        // Without a cause: a flood must not fill the log as well.
        oldest(unavailable(undefined, 1))
      }
      inTime(reading)
        .then(resolve, reject)
        .finally(() => unfinished.delete(reject))
    })
}
