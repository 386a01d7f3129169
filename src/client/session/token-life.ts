import type { TokenSet } from '../../core/tokens.ts'

/** When each access token ends, in seconds of the page's monotonic clock. */
const ends = new WeakMap<TokenSet, number>()

const monotonic = (): number => performance.now() / 1000

/** Counts the life of an access token from now on. @param now epoch seconds of this device's clock */
export function countLife(tokens: TokenSet, now: number): void {
  const { accessTokenExpiresAt } = tokens
  if (accessTokenExpiresAt !== null && !ends.has(tokens))
    ends.set(tokens, monotonic() + accessTokenExpiresAt - now)
}

/**
 * Seconds that an access token is still good for; Infinity where the OP did not say. By two clocks, and the one that ends
 * it first counts: the device's clock may be put back, and the monotonic one stands still in some browsers while the
 * device sleeps.
 *
 * @param now epoch seconds of this device's clock
 */
export function secondsLeft(tokens: TokenSet, now: number): number {
  const { accessTokenExpiresAt } = tokens
  if (accessTokenExpiresAt === null) return Number.POSITIVE_INFINITY
  return Math.min(accessTokenExpiresAt - now, (ends.get(tokens) ?? Number.POSITIVE_INFINITY) - monotonic())
}
