import type { AnswerTime } from '../provider/fetch-json.ts'
import { createStepWatch } from '../provider/step-watch.ts'

/** Seconds that evidence counts. */
const lifetime = 600

/**
 * Measures how far the OP's clock is ahead of ours. Old tokens and slow answers make it look further behind than it is
 * and never further ahead, so the smallest reading of the last ten minutes counts, and no caller can push it.
 */
export interface ProviderClock {
  /** A genuine ID Token was seen. @param iat its claim, epoch seconds */
  sawToken(iat: number, now: number): void
  sawAnswer(answer: AnswerTime): void
  /**
   * Seconds by which the OP's clock is behind ours at the most: 0 or less when it is ahead. Undefined when nothing has
   * been seen.
   */
  behind(now: number): number | undefined
  /**
   * What to add to an `auth_time` before it is compared with our clock: 0, or less when the OP is seen to be ahead. It
   * only ever makes freshness stricter.
   */
  offset(now: number): number
}

/**
 * @param clockSkew seconds, the most that the two clocks may differ
 * @param steady seconds of a clock that is never set, where there is one
 */
export function createProviderClock(clockSkew: number, steady?: () => number): ProviderClock {
  const isSetBack = createStepWatch(steady)
  // Values rise from the first to the last, so that the first one is the smallest that still counts.
  const readings: { readonly at: number; readonly value: number }[] = []

  function forgetOld(now: number): void {
    if (isSetBack(now)) readings.length = 0
    while (readings[0] && readings[0].at <= now - lifetime) readings.shift()
  }

  function add(behind: number, now: number): void {
    forgetOld(now)
    // More than the skew says no more than the skew does, and keeps the list short.
    const value = Math.min(behind, clockSkew + 1)
    while ((readings.at(-1)?.value ?? Number.NEGATIVE_INFINITY) >= value) readings.pop()
    readings.push({ at: now, value })
  }

  function behind(now: number): number | undefined {
    forgetOld(now)
    return readings[0]?.value
  }

  return {
    // One second more, since both clocks are read in whole seconds.
    sawToken: (iat, now) => add(now - Math.ceil(iat) + 1, now),
    sawAnswer({ date, age, receivedAt }) {
      if (date !== null) add(receivedAt - (date + age) + 1, receivedAt)
    },
    behind,
    offset(now) {
      const most = behind(now)
      if (most === undefined || most > 0) return 0
      // Two seconds less: one for the reading above, one for what the OP's clock had left of its second.
      return Math.max(most - 2, -clockSkew)
    },
  }
}
