import { type Need, needFor } from '../server/setup/need.ts'

/** A clock that stands still until it is moved. */
export interface TestClock {
  /** Gives the time in epoch seconds. */
  readonly now: () => number
  /**
   * Moves the clock on.
   *
   * @param seconds how many seconds to move it, 0 or more
   * @throws {ConfigurationError} a `ConfigurationError`, for a negative number
   */
  advance(seconds: number): void
}

/** @param startsAt epoch seconds */
export function createTestClock(startsAt: number): TestClock {
  const need: Need = needFor('clock.advance')
  let time = startsAt
  return {
    now: () => time,
    advance(seconds) {
      need(seconds >= 0, 'the clock only goes forward: say how many seconds, 0 or more')
      time += seconds
    },
  }
}
