import { describe, expect, it } from 'vitest'
import {
  lastActiveWhenFound,
  lastActiveWhileHere,
  pastTime,
  startOfSession,
  startOfSignIn,
  writeStart,
} from '../../src/core/session-times.ts'

const now = 10_000
const skew = 30

/** What no record can be. */
const broken = ['', 'x', 'NaN', 'Infinity', '-1', '1.5', '1e3', '0x10', ' 5', '10031', String(2 ** 53)]

it.each([
  [0, 0],
  [9999, 9999],
  [10_000, 10_000],
  [10_030, 10_030],
  [10_031, null],
  [-1, null],
  [1.5, null],
  [Number.NaN, null],
  [Infinity, null],
  ['9999', null],
  [undefined, null],
  [null, null],
])('%j can be the past time %j', (value, time) => {
  expect(pastTime(value, now + skew)).toBe(time)
})

describe('the last sign of life of a session that was found', () => {
  it.each([
    ['no record', null, null, now],
    ['no record and a login', null, 4000, now],
    ['the record of long ago', '0', null, 0],
    ['a record', '9000', null, 9000],
    ['a record and an earlier login', '9000', 8999, 9000],
    ['a record and a later login', '9000', 9001, 9001],
    ['a record within the skew', '10030', null, 10_030],
  ])('with %s', (_, kept, authTime, time) => {
    expect(lastActiveWhenFound(kept, authTime, now, skew)).toBe(time)
  })

  it.each(broken)('with the broken record %j is unknown, or the login', kept => {
    expect(lastActiveWhenFound(kept, null, now, skew)).toBe(0)
    expect(lastActiveWhenFound(kept, 9000, now, skew)).toBe(9000)
  })
})

describe('the last sign of life of a session that goes on', () => {
  it.each([
    ['no record', null, 9000, 9000],
    ['the record of long ago', '0', 9000, 9000],
    ['an earlier record', '8999', 9000, 9000],
    ['the same record', '9000', 9000, 9000],
    ['a later record, as of another tab', '9001', 9000, 9001],
    ['a clock that was put back', '13600', 13_600, now],
  ])('with %s', (_, kept, remembered, time) => {
    expect(lastActiveWhileHere(kept, remembered, now, skew)).toBe(time)
  })

  it.each(broken)('with the broken record %j is what the page remembers', kept => {
    expect(lastActiveWhileHere(kept, 9000, now, skew)).toBe(9000)
  })
})

describe('the start of a sign-in', () => {
  it.each([
    ['a login of now', now, now],
    ['a login just within the limit', 9401, 9401],
    ['a login at the limit', 9400, now],
    ['an old login', 1, now],
    ['no login', null, now],
  ])('with %s', (_, authTime, at) => {
    expect(startOfSignIn(authTime, now, 600)).toEqual({ at, authTime })
  })
})

describe('the start of a session that was found or renewed', () => {
  it.each([
    ['nothing known', null, null, null, { at: now, authTime: null }],
    ['a login', null, null, 9000, { at: 9000, authTime: 9000 }],
    [
      'a login and the later start that it was used for',
      '9500 9000',
      null,
      9000,
      { at: 9500, authTime: 9000 },
    ],
    ['a login and the start of an earlier one', '9500 8000', null, 9000, { at: 9000, authTime: 9000 }],
    ['a login and a start without one', '9500', null, 9000, { at: 9000, authTime: 9000 }],
    ['a start without login', '9500', null, null, { at: 9500, authTime: null }],
    ['the start of a login that is not said any more', '9500 9000', null, null, { at: 9500, authTime: 9000 }],
    ['only the memory', null, { at: 9400, authTime: null }, null, { at: 9400, authTime: null }],
    ['the memory and a record', '9500', { at: 9400, authTime: null }, null, { at: 9500, authTime: null }],
  ])('with %s', (_, kept, remembered, authTime, start) => {
    expect(startOfSession(kept, remembered, authTime, now, skew)).toEqual(start)
  })

  it.each([...broken, '9000 x', '9000 9000 9000', '9000 ', '9000 10031'])(
    'with the broken record %j is the login, the memory, or unknown',
    kept => {
      const memory = { at: 9400, authTime: null }
      expect(startOfSession(kept, null, 9000, now, skew)).toEqual({ at: 9000, authTime: 9000 })
      expect(startOfSession(kept, memory, null, now, skew)).toEqual(memory)
      expect(startOfSession(kept, null, null, now, skew)).toEqual({ at: 0, authTime: null })
    },
  )

  it.each([
    { at: 9500, authTime: 9000 },
    { at: 0, authTime: 0 },
  ])('is read as it was written: %j', start => {
    expect(startOfSession(writeStart(start), null, start.authTime, now, skew)).toEqual(start)
  })
})
