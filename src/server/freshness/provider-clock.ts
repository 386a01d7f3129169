import { createStepWatch } from '../provider/clock-step-watch.ts'
import type { AnswerTime } from '../provider/fetch-json.ts'

/** For how many seconds a reading counts. */
const lifetime = 600

/**
 * Measures how far the OP's clock is ahead of ours. Old tokens and slow answers make it look further behind than it is
 * and never further ahead, so the smallest reading of the last ten minutes counts, and no caller can influence it.
 */
export interface ProviderClock {
  /**
   * Takes note of a genuine ID Token.
   *
   * @param issuedAt its `iat`, and the seconds by which the OP dates that back
   * @param seenAt when it arrived, in epoch seconds. That may be some time ago, because its key may have had to be
   * fetched
   */
  sawToken(issuedAt: number, seenAt: number): void
  /** Takes note of an answer of the OP. */
  sawAnswer(answer: AnswerTime): void
  /**
   * The most seconds by which the OP's clock is behind ours: 0 or less when it is ahead. Undefined when nothing has
   * been seen.
   */
  behind(): number | undefined
  /**
   * What to add to an `auth_time` before it is compared with our clock: 0, or less when the OP is seen to be ahead. It
   * only ever makes freshness stricter.
   */
  offset(): number
}

/**
 * Makes the clock. It knows nothing at first.
 *
 * @param clockSkew seconds, the most that the two clocks may differ
 * @param now epoch seconds. It is read each time, because a time that was read before a wait looks like a clock that
 * was set back
 * @param steady seconds of a clock that is never set, where there is one
 */
export function createProviderClock(
  clockSkew: number,
  now: () => number,
  steady?: () => number,
): ProviderClock {
  const isSetBack = createStepWatch(steady)
  // Values rise from the first to the last, so that the first one is the smallest that still counts.
  const readings: { readonly at: number; readonly value: number }[] = []

  /** Forgets the readings that no longer count. @returns our clock's time, epoch seconds */
  function forgetOld(): number {
    const time = now()
    if (isSetBack(time)) readings.length = 0
    while (readings[0] && readings[0].at <= time - lifetime) readings.shift()
    return time
  }

  function add(behind: number): void {
    const at = forgetOld()
    // A reading above the skew means no more than one of the skew. This keeps the list short.
    const value = Math.min(behind, clockSkew + 1)
    while ((readings.at(-1)?.value ?? Number.NEGATIVE_INFINITY) >= value) readings.pop()
    readings.push({ at, value })
  }

  function behind(): number | undefined {
    forgetOld()
    return readings[0]?.value
  }

  return {
    // One second more, since both clocks are read in whole seconds.
    sawToken: (issuedAt, seenAt) => add(seenAt - Math.ceil(issuedAt) + 1),
    sawAnswer({ date, age, receivedAt }) {
      if (date !== null) add(receivedAt - (date + age) + 1)
    },
    behind,
    offset() {
      const most = behind()
      if (most === undefined || most > 0) return 0
      // Two seconds less: one for the reading above, one for what the OP's clock had left of its second.
      return Math.max(most - 2, -clockSkew)
    },
  }
}
