import type { AccessToken } from '../../core/tokens.ts'

/** When each access token ends, in seconds of the page's monotonic clock. */
const ends = new WeakMap<AccessToken, number>()

const monotonic = (): number => performance.now() / 1000

/** Counts the life of an access token from now on. @param now epoch seconds of this device's clock */
export function countLife(token: AccessToken, now: number): void {
  const { accessTokenExpiresAt } = token
  if (accessTokenExpiresAt !== null && !ends.has(token))
    ends.set(token, monotonic() + accessTokenExpiresAt - now)
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
 *
 * @param now epoch seconds of this device's clock
 */
export function secondsLeft(token: AccessToken, now: number): number {
  const { accessTokenExpiresAt } = token
  if (accessTokenExpiresAt === null) return Number.POSITIVE_INFINITY
  return Math.min(accessTokenExpiresAt - now, (ends.get(token) ?? Number.POSITIVE_INFINITY) - monotonic())
}

/** Whether the access token is good for that many seconds more. @param now epoch seconds of this device's clock */
export function isValidFor<T extends AccessToken>(token: T | null, seconds: number, now: number): token is T {
  return token !== null && secondsLeft(token, now) > seconds
}
