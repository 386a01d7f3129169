import type { AccessToken } from '../../core/tokens.ts'
import type { BrowserClock } from '../../op/browser.ts'
import { wallClock } from '../browser.ts'

export type Clocks = Pick<BrowserClock, 'now' | 'elapsed'>

/** When each access token ends, in seconds of the monotonic clock. */
const ends = new WeakMap<AccessToken, number>()

/** Counts the life of an access token from now on. */
export function countLife(token: AccessToken, clock: Clocks): void {
  const { accessTokenExpiresAt } = token
  if (accessTokenExpiresAt !== null && !ends.has(token))
    ends.set(token, clock.elapsed() / 1000 + accessTokenExpiresAt - wallClock(clock)())
}

/** The same access token in another object: its life goes on. */
export function continueLife(token: AccessToken, former: AccessToken): void {
  const end = ends.get(former)
  if (end !== undefined) ends.set(token, end)
}

/**
 * Seconds that an access token is still good for; Infinity where the OP did not say. By two clocks, and the one that ends
 * it first counts: the device's clock may be put back, and the monotonic one stands still in some browsers while the
 * device sleeps.
 */
export function secondsLeft(token: AccessToken, clock: Clocks): number {
  const { accessTokenExpiresAt } = token
  if (accessTokenExpiresAt === null) return Number.POSITIVE_INFINITY
  const end = ends.get(token) ?? Number.POSITIVE_INFINITY
  return Math.min(accessTokenExpiresAt - wallClock(clock)(), end - clock.elapsed() / 1000)
}

/** Whether the access token is good for that many seconds more. */
export function isValidFor<T extends AccessToken>(
  token: T | null,
  seconds: number,
  clock: Clocks,
): token is T {
  return token !== null && secondsLeft(token, clock) > seconds
}
