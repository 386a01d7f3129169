import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  createFreshnessGuard,
  type FreshnessHint,
  type GuardOptions,
  type RequireOptions,
} from '../../../src/server/index.ts'
import { testKey } from '../../support/keys.ts'
import { ManualClock } from '../../support/shop.ts'

const clock = new ManualClock()
const now = clock.time
const localIdp = (claims: Readonly<Record<string, unknown>>): boolean => claims.idp === 'local'
const options = {
  issuer: 'https://login.example.com',
  clientId: 'payments',
  audience: 'https://api.example.com',
  keys: [testKey(1)],
  actions: {
    mail: { maxAge: 300 },
    now: { maxAge: 0 },
    pay: { reauthenticate: true, maxAge: 300 },
    strong: { maxAge: 300, acrValues: ['urn:mfa'], amr: ['otp'], localIdp },
  },
  store: 'memory',
  now: clock.now,
} as const satisfies GuardOptions
const guard = createFreshnessGuard(options)

describe('the hint', () => {
  it.each<[keyof typeof options.actions, unknown, number]>([
    ['mail', now, 300],
    ['mail', now - 1, 299],
    ['mail', now - 299, 1],
    ['mail', now - 300, 0],
    ['mail', now - 301, 0],
    ['mail', now + 30, 300],
    ['mail', now + 31, 0],
    ['mail', 0, 0],
    ['mail', undefined, 0],
    ['mail', null, 0],
    ['mail', String(now), 0],
    ['mail', Number.NaN, 0],
    ['mail', now * 1000, 0],
    ['now', now, 0],
    ['pay', now, 0],
  ])('for %s and an auth_time of %s says %s s', (action, auth_time, secondsLeft) => {
    expect(guard.freshness(action, { auth_time })).toEqual({ hint: true, action, secondsLeft })
  })

  it.each<[object, number]>([
    [{ acr: 'urn:mfa', amr: ['pwd', 'otp'], idp: 'local' }, 300],
    [{ acr: 'urn:pwd', amr: ['pwd', 'otp'], idp: 'local' }, 0],
    [{ acr: 'urn:mfa', amr: ['pwd'], idp: 'local' }, 0],
    [{ acr: 'urn:mfa', amr: ['otp'], idp: 'google' }, 0],
  ])('counts only a login that is strong enough: %j', (claims, secondsLeft) => {
    expect(guard.freshness('strong', { ...claims, auth_time: now }).secondsLeft).toBe(secondsLeft)
  })

  it('knows no other action', () => {
    // @ts-expect-error: "paid" is not configured
    expect(() => guard.freshness('paid', {})).toThrow(
      expect.objectContaining({ code: 'configuration_invalid' }),
    )
  })

  it('is not taken by require, by type and at run time', async () => {
    const hint = guard.freshness('mail', { auth_time: now })
    expectTypeOf<FreshnessHint>().not.toExtend<RequireOptions>()
    expectTypeOf<FreshnessHint & { subject: string }>().not.toExtend<RequireOptions>()
    const request = new Request('https://api.example.com/')
    // @ts-expect-error: a hint decides nothing
    await expect(guard.require(request, 'mail', hint)).rejects.toMatchObject({
      code: 'configuration_invalid',
    })
    // @ts-expect-error: nor with a subject
    await expect(guard.require(request, 'mail', { ...hint, subject: 'josh' })).rejects.toMatchObject({
      code: 'configuration_invalid',
    })
  })
})
