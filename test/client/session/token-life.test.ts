import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { countLife, secondsLeft } from '../../../src/client/session/token-life.ts'
import type { TokenSet } from '../../../src/core/tokens.ts'
import { pageBrowser } from '../../../src/op/page-browser.ts'

const { clock } = pageBrowser

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }))
afterEach(() => void vi.useRealTimers())

/** An access token that is good for 300 s. */
function given(): TokenSet {
  const tokens = { accessTokenExpiresAt: Date.now() / 1000 + 300 } as TokenSet
  countLife(tokens, clock)
  return tokens
}

it.each([
  ['goes right', 0, 200],
  ['is put back by an hour', -3600, 200],
  ['is put forward by an hour, as after a sleep that the page’s own clock did not count', 3600, -3400],
])('a token of 300 s, after 100 s, while the device’s clock %s', (_, step, left) => {
  const tokens = given()
  vi.advanceTimersByTime(100_000)
  vi.setSystemTime(Date.now() + step * 1000)
  expect(secondsLeft(tokens, clock)).toBe(left)
})

it('a token that is counted once more has the life that it had', () => {
  const tokens = given()
  vi.advanceTimersByTime(100_000)
  vi.setSystemTime(Date.now() - 3_600_000)
  countLife(tokens, clock)
  expect(secondsLeft(tokens, clock)).toBe(200)
})

it('a token whose life the OP does not tell has no end', () => {
  const tokens = { accessTokenExpiresAt: null } as TokenSet
  countLife(tokens, clock)
  expect(secondsLeft(tokens, clock)).toBe(Number.POSITIVE_INFINITY)
})
