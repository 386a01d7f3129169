import { describe, expect, it } from 'vitest'
import {
  evaluateFreshness,
  type FreshnessFailure,
  type FreshnessRequirement,
  metAcr,
} from '../../src/core/freshness.ts'

const now = 1_800_000_000
const skew = 30
const judge = (auth_time: unknown, requirement: FreshnessRequirement = {}, claims: object = {}) =>
  evaluateFreshness({ auth_time, ...claims }, requirement, now, skew)

describe('evaluateFreshness without a requirement', () => {
  it.each<[unknown, FreshnessFailure | null]>([
    [undefined, 'auth_time_missing'],
    [null, 'auth_time_missing'],
    [Number.NaN, 'invalid_token'],
    [Number.POSITIVE_INFINITY, 'invalid_token'],
    [Number.NEGATIVE_INFINITY, 'invalid_token'],
    [String(now), 'invalid_token'],
    ['', 'invalid_token'],
    [true, 'invalid_token'],
    [[now], 'invalid_token'],
    [{ valueOf: () => now }, 'invalid_token'],
    [BigInt(now), 'invalid_token'],
    [now + 0.5, 'invalid_token'],
    [2 ** 53, 'invalid_token'],
    [now * 1000, 'auth_time_in_future'],
    [now + 31, 'auth_time_in_future'],
    [now + 30, null],
    [now, null],
    [0, null],
    [-0, null],
    [-1, null],
  ])('gives auth_time %s the failure %s', (authTime, failure) => {
    expect(judge(authTime)).toBe(failure)
  })

  it('never takes iat for auth_time', () => {
    expect(judge(undefined, { maxAge: 300 }, { iat: now })).toBe('auth_time_missing')
  })
})

describe('evaluateFreshness with maxAge', () => {
  it.each<[number, number, FreshnessFailure | null]>([
    [0, now - 31, 'stale'],
    [0, now - 30, null],
    [0, now, null],
    [0, 0, 'stale'],
    [300, now - 331, 'stale'],
    [300, now - 330, null],
    [300, now - 329, null],
    [300, -5, 'stale'],
    [Number.NaN, now, 'stale'],
  ])('%s gives a login at %s the failure %s', (maxAge, authTime, failure) => {
    expect(judge(authTime, { maxAge })).toBe(failure)
  })
})

describe('evaluateFreshness with after and baseline', () => {
  const after = now - 100
  it.each<[FreshnessRequirement, number, FreshnessFailure | null]>([
    [{ after }, after - 31, 'stale'],
    [{ after }, after - 1, 'stale'],
    [{ after }, after, 'stale'],
    [{ after }, after + 1, null],
    [{ after: 0 }, 0, 'stale'],
    [{ after: Number.NaN }, now, 'stale'],
    [{ baseline: now - 10 }, now - 11, 'stale'],
    [{ baseline: now - 10 }, now - 10, 'stale'],
    [{ baseline: now - 10 }, now - 9, null],
    [{ baseline: 0 }, 0, 'stale'],
    [{ baseline: Number.NaN }, now, 'stale'],
    [{ after, baseline: after + 10 }, after + 10, 'stale'],
    [{ after, baseline: after + 10 }, after + 11, null],
    [{ after, maxAge: 60 }, after + 1, 'stale'],
  ])('%j gives a login at %s the failure %s', (requirement, authTime, failure) => {
    expect(judge(authTime, requirement)).toBe(failure)
  })
})

describe('evaluateFreshness with acr and amr', () => {
  it.each<[FreshnessRequirement, object, FreshnessFailure | null]>([
    [{ acrValues: ['a', 'b'] }, { acr: 'b' }, null],
    [{ acrValues: ['a', 'b'] }, { acr: 'c' }, 'acr_unmet'],
    [{ acrValues: ['a', 'b'] }, { acr: 'a b' }, 'acr_unmet'],
    [{ acrValues: ['a'] }, { acr: ['a'] }, 'acr_unmet'],
    [{ acrValues: ['0'] }, { acr: 0 }, 'acr_unmet'],
    [{ acrValues: ['a'] }, {}, 'acr_unmet'],
    [{ acrValues: [] }, { acr: 'a' }, 'acr_unmet'],
    [{ acrValues: ['c1'], acrClaim: 'acrs' }, { acrs: ['c2', 'c1'] }, null],
    [{ acrValues: ['c1'], acrClaim: 'acrs' }, { acr: 'c1' }, 'acr_unmet'],
    [{ acrValues: ['c1'] }, { acrs: ['c1'] }, 'acr_unmet'],
    [{ amr: ['pwd', 'otp'] }, { amr: ['otp', 'x', 'pwd'] }, null],
    [{ amr: ['pwd', 'otp'] }, { amr: ['pwd'] }, 'amr_unmet'],
    [{ amr: ['pwd'] }, { amr: 'pwd' }, 'amr_unmet'],
    [{ amr: ['pwd'] }, { amr: { pwd: true } }, 'amr_unmet'],
    [{ amr: ['pwd'] }, {}, 'amr_unmet'],
  ])('%j gives the claims %j the failure %s', (requirement, claims, failure) => {
    expect(judge(now, requirement, claims)).toBe(failure)
  })
})

describe('the acr by which a requirement is met', () => {
  it.each<[readonly string[] | undefined, string | undefined]>([
    [['c1', 'c2'], 'c1'],
    [['c2', 'c1'], 'c2'],
    [['c4'], undefined],
    [[], undefined],
    [undefined, 'c3'],
  ])('is, for acrValues %j, %s', (acrValues, met) => {
    expect(metAcr({ acrs: ['c3', 'c2', 'c1'] }, acrValues, 'acrs')).toBe(met)
  })

  it('is none where none is reported', () => {
    expect(metAcr({}, undefined)).toBeUndefined()
    expect(metAcr({ acr: 1 }, undefined)).toBeUndefined()
  })
})

it.each([
  [Number.NaN, skew],
  [now, Number.NaN],
])('a broken clock (now %s, skew %s) makes nothing fresh', (time, clockSkew) => {
  expect(evaluateFreshness({ auth_time: now }, {}, time, clockSkew)).not.toBeNull()
})
