import { describe, expect, it } from 'vitest'
import { createProviderClock } from '../../../src/server/freshness/provider-clock.ts'

const now = 1_800_000_000
const skew = 30

/** One reading: what the OP's clock said, of which kind, and when. */
type Reading = readonly [kind: 'token' | 'answer', ahead: number, after?: number]

function clockAfter(...readings: Reading[]) {
  const clock = createProviderClock(skew)
  for (const [kind, ahead, after = 0] of readings) {
    const at = now + after
    if (kind === 'token') clock.sawToken(at + ahead, at)
    else clock.sawAnswer({ date: at + ahead, age: 0, receivedAt: at })
  }
  return clock
}

describe('offset', () => {
  it.each<[string, Reading[], number]>([
    ['nothing seen', [], 0],
    ['the same time', [['token', 0]], 0],
    ['half a second ahead', [['token', 0.5]], -2],
    ['a second ahead', [['token', 1]], -2],
    ['two seconds ahead', [['token', 2]], -3],
    ['25 seconds ahead', [['answer', 25]], -26],
    ['28 seconds ahead', [['answer', 28]], -29],
    ['as far ahead as the skew', [['answer', 30]], -30],
    ['further ahead than the skew', [['answer', 90]], -30],
    ['behind', [['token', -25]], 0],
    [
      'an old token after a new one',
      [
        ['token', 5],
        ['token', -3000],
      ],
      -6,
    ],
    [
      'a new token after an old one',
      [
        ['token', -3000],
        ['token', 5],
      ],
      -6,
    ],
    [
      'the larger lead of two nodes',
      [
        ['answer', -5],
        ['answer', 5],
        ['answer', -5],
      ],
      -6,
    ],
    [
      'a lead seen ten minutes ago',
      [
        ['token', 5],
        ['token', 0, 600],
      ],
      0,
    ],
    [
      'a lead seen a second less ago',
      [
        ['token', 5],
        ['token', 0, 599],
      ],
      -6,
    ],
    [
      'a lead seen before our clock was set back',
      [
        ['token', 5],
        ['token', 0, -60],
      ],
      0,
    ],
  ])('with %s is %3$d s', (_, readings, offset) => {
    const after = Math.max(0, ...readings.map(([, , at = 0]) => at))
    const last = readings.at(-1)?.[2] ?? 0
    expect(clockAfter(...readings).offset(now + (last < 0 ? last : after))).toBe(offset)
  })

  it('counts the time that an answer lay in a cache', () => {
    const clock = createProviderClock(skew)
    clock.sawAnswer({ date: now - 300 + 5, age: 300, receivedAt: now })
    expect(clock.offset(now)).toBe(-6)
  })

  it('learns nothing from an answer without a date', () => {
    const clock = createProviderClock(skew)
    clock.sawAnswer({ date: null, age: 0, receivedAt: now })
    expect(clock.behind(now)).toBeUndefined()
  })
})

describe('behind', () => {
  it.each([
    [0, 1],
    [-2, 3],
    [-25, 26],
    [-90, 31],
  ])('of an OP %d s ahead is %d s at the most', (ahead, behind) => {
    expect(clockAfter(['token', ahead]).behind(now)).toBe(behind)
  })

  it('is undefined again ten minutes after the last reading', () => {
    const clock = clockAfter(['token', 0])
    expect(clock.behind(now + 599)).toBe(1)
    expect(clock.behind(now + 600)).toBeUndefined()
  })
})

it('keeps no more readings than the skew has seconds, whatever it is shown', () => {
  const clock = createProviderClock(skew)
  for (let age = 0; age < 5000; age++) clock.sawToken(now - age, now)
  expect(clock.behind(now)).toBe(1)
  for (let age = 5000; age > 0; age--) clock.sawToken(now - age, now)
  expect(clock.behind(now)).toBe(1)
})
