import { describe, expect, it } from 'vitest'
import { isWithin } from '../../../src/server/provider/within.ts'

describe('isWithin', () => {
  it.each<[number, number, number, boolean]>([
    [30, 100, 100, true],
    [30, 100, 129, true],
    [30, 100, 130, false],
    [30, 100, 99, false],
    [0, 100, 100, false],
    [30, Number.NEGATIVE_INFINITY, 100, false],
    [Number.POSITIVE_INFINITY, 100, 1e9, true],
  ])('says for %s seconds since %s at %s: %s', (seconds, since, now, expected) => {
    expect(isWithin(seconds, since, now)).toBe(expected)
  })
})
