import { beforeEach, describe, expect, it } from 'vitest'
import { createProviderClock } from '../../../src/server/freshness/provider-clock.ts'

const now = 1_800_000_000
const skew = 30

/** One reading: what the OP's clock said, of which kind, and when. */
type Reading = readonly [kind: 'token' | 'answer', ahead: number, after?: number]

/** What our clock says. */
let time = now
beforeEach(() => {
  time = now
})
const create = () => createProviderClock(skew, () => time)

function clockAfter(...readings: Reading[]) {
  const clock = create()
  for (const [kind, ahead, after = 0] of readings) {
    const at = now + after
    time = at
    if (kind === 'token') clock.sawToken(at + ahead, at)
    else clock.sawAnswer({ date: at + ahead, age: 0, receivedAt: at })
  }
  return clock
}

describe('the measured offset', () => {
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
  ])('is right with %s', (_, readings, offset) => {
    expect(clockAfter(...readings).offset()).toBe(offset)
  })

  it('counts the time that an answer lay in a cache', () => {
    const clock = create()
    clock.sawAnswer({ date: now - 300 + 5, age: 300, receivedAt: now })
    expect(clock.offset()).toBe(-6)
  })

  it('learns nothing from an answer without a date', () => {
    const clock = create()
    clock.sawAnswer({ date: null, age: 0, receivedAt: now })
    expect(clock.behind()).toBeUndefined()
  })
})

it('a token that arrived before a slow fetch leaves what the fetch has shown', () => {
  const clock = create()
  time = now + 4
  clock.sawAnswer({ date: time + 20, age: 0, receivedAt: time })
  clock.sawToken(now - 300, now)
  expect(clock.offset()).toBe(-21)
})

describe('the measured delay', () => {
  it.each([
    [0, 1],
    [-2, 3],
    [-25, 26],
    [-90, 31],
  ])('of an OP %d s ahead is %d s at the most', (ahead, behind) => {
    expect(clockAfter(['token', ahead]).behind()).toBe(behind)
  })

  it('is undefined again ten minutes after the last reading', () => {
    const clock = clockAfter(['token', 0])
    time = now + 599
    expect(clock.behind()).toBe(1)
    time = now + 600
    expect(clock.behind()).toBeUndefined()
  })
})

it('the measure is right in whatever order it is shown tokens of every age', () => {
  const clock = create()
  for (let age = 0; age < 5000; age++) clock.sawToken(now - age, now)
  expect(clock.behind()).toBe(1)
  for (let age = 5000; age > 0; age--) clock.sawToken(now - age, now)
  expect(clock.behind()).toBe(1)
})
