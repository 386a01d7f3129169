import { expect, it } from 'vitest'
import { createChallengeCap } from '../../../src/server/freshness/challenge-cap.ts'
import { Refusal } from '../../../src/server/http/refusal.ts'

it('counts from the first challenge on, and anew after the last second', () => {
  const count = createChallengeCap(2, 600)
  count('a', 1_000)
  count('a', 1_500)
  expect(() => count('a', 1_599)).toThrow(Refusal)
  count('a', 1_600)
  count('a', 1_600)
  expect(() => count('a', 1_600)).toThrow(Refusal)
})

it('counts each browser for itself', () => {
  const count = createChallengeCap(1, 600)
  count('a', 0)
  count('b', 0)
  expect(() => count('a', 0)).toThrow(Refusal)
})

it('remembers 10,000 browsers, and forgets first the one that began first', () => {
  const count = createChallengeCap(1, 600)
  count('a', 0)
  count('b', 0)
  // Anew, so that it is no longer the first.
  count('a', 600)
  for (let other = 0; other < 9_999; other++) count(`browser ${other}`, 600)
  expect(() => count('a', 600)).toThrow(Refusal)
  expect(() => count('b', 600)).not.toThrow()
})
