import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuthorizationRequest } from '../../src/core/tokens.ts'
import { createOpenIdProvider, type OpenIdProvider, type Redeemed } from '../../src/op/openid-provider.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { type AuthorizationAnswer, type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock } from '../support/shop.ts'

const clock = new ManualClock()
let server: ScriptedOp

beforeAll(async () => {
  server = await startOp(clock.now)
})
afterAll(() => server.close())

/** A device, and what it has measured. */
class Device {
  ahead: number
  measured = 0
  readonly op: OpenIdProvider

  /** @param server says how far the device is ahead */
  constructor(ahead: number, says = (): number | null => this.ahead, iatLag = 0) {
    this.ahead = ahead
    this.op = createOpenIdProvider({
      browser: pageBrowser,
      issuer: server.issuer,
      clientId: 'payments',
      scope: 'openid',
      callbackUrl: 'https://app.example/auth/callback.html',
      profile: { name: 'test', iatLag },
      now: () => clock.time + this.ahead,
      measureClock: async () => {
        this.measured++
        return says()
      },
      clockSkew: 30,
      timeLimit: 10,
    })
  }

  async login(
    answer: AuthorizationAnswer = {},
    request: Partial<AuthorizationRequest> = {},
  ): Promise<Redeemed> {
    const transaction = await this.op.begin({ kind: 'sign_in', ...request })
    return this.op.redeem(transaction, server.authorize(transaction.url, answer))
  }
}

const unknown = (): null => null

describe('a device whose clock is steady', () => {
  it.each([-86_400, -61, -31, 0, 329, 360, 86_400])('signs in %i s ahead', async ahead => {
    const { tokens } = await new Device(ahead).login()
    // By the device's own clock, which the page's other clocks go by.
    expect(tokens.accessTokenExpiresAt).toBe(clock.time + ahead + 300)
  })

  it.each([-30, 0, 30])('is not measured %i s ahead', async ahead => {
    const device = new Device(ahead)
    await device.login()
    expect(device.measured).toBe(0)
  })

  it('is measured once', async () => {
    const device = new Device(-61)
    const { tokens } = await device.login()
    await device.login()
    await device.op.refresh({ ...tokens, refreshToken: 'rt' })
    expect(device.measured).toBe(1)
    expect(device.op.now()).toBe(clock.time)
  })

  it('is measured for a refresh too', async () => {
    const device = new Device(0)
    const { tokens } = await device.login()
    device.ahead = -61
    await device.op.refresh({ ...tokens, refreshToken: 'rt' })
    expect(device.measured).toBe(1)
  })

  it('is measured again once it has been set right', async () => {
    const device = new Device(360)
    await device.login()
    device.ahead = 0
    await device.login()
    expect(device.measured).toBe(2)
    expect(device.op.now()).toBe(clock.time)
  })

  it.each([360, -61])('%i s ahead holds a login against max_age by the right time', async ahead => {
    const device = new Device(ahead)
    const login = (age: number): Promise<Redeemed> =>
      device.login({ claims: { auth_time: clock.time - age } }, { maxAge: 60 })
    expect((await login(90)).shortfall).toBeNull()
    expect((await login(91)).shortfall).toMatchObject({ claim: 'auth_time', reason: 'too_old' })
  })
})

it.each([0, 300])('a token that is dated back by %i s, where 300 s are usual, is accepted', async back => {
  const claims = { iat: clock.time - back, nbf: clock.time - back }
  const device = new Device(0, unknown, 300)
  expect((await device.login({ claims })).tokens.account.sub).toBe('josh')
})

describe('a token that is refused for its times', () => {
  it.each([
    ['a device that is behind, and measured', -61, undefined, {}, 'iat', -61],
    ['a device that is ahead, and measured', 360, undefined, { iat: 0 }, 'exp', 360],
    ['a device that is behind, by a guess', -61, unknown, {}, 'iat', -61],
    ['a device that is ahead, by a guess', 360, unknown, {}, 'exp', 360],
    ['a right device', 0, undefined, {}, 'iat', 0],
  ] as const)('names the clock of %s', async (_, ahead, says, claims, claim, clockAhead) => {
    const odd = claim === 'iat' ? { iat: clock.time + 31 } : { exp: clock.time - 30 }
    const refused = new Device(ahead, says).login({ claims: says ? {} : { ...odd, ...claims } })
    await expect(refused).rejects.toMatchObject({ code: 'id_token_invalid', claim, clockAhead })
  })

  it('is not told to be 300 s old by an OP that dates iat back by as much', async () => {
    const claims = { iat: clock.time - 300, exp: clock.time - 30 }
    await expect(new Device(0, unknown, 300).login({ claims })).rejects.toMatchObject({ clockAhead: 0 })
  })

  it('leaves the clock as it was when it is refused by the measured time as well', async () => {
    const device = new Device(-61, () => 5000)
    await expect(device.login()).rejects.toMatchObject({ claim: 'iat', clockAhead: 5000 })
    expect(device.op.now()).toBe(clock.time - 61)
  })

  it.each([{ nonce: 'other' }, { iss: 'https://evil.example' }, { exp: 'soon' }])(
    'is not meant when another rule is broken: %j',
    async claims => {
      const device = new Device(0)
      await expect(device.login({ claims })).rejects.toMatchObject({ clockAhead: null })
      expect(device.measured).toBe(0)
    },
  )
})
