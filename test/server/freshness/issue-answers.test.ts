import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop } from '../../support/shop.ts'

const clock = new ManualClock()
/** Seconds by which the OP's clock is fast. */
let opAhead = 0
let op: ScriptedOp

beforeAll(async () => {
  op = await startOp(() => clock.time + opAhead)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  opAhead = 0
})

it('a challenge is dated after the OP was asked for its keys, however long that took', async () => {
  const slow: typeof fetch = (...request) => {
    clock.advance(5)
    return fetch(...request)
  }
  const josh = new Browser(openShop(op, clock, { fetch: slow }).app)
  const { body } = await josh.approve()
  expect(clock.time).toBeGreaterThan(1_800_000_000)
  expect(decodeJwt(body.challenge ?? '').iat).toBe(clock.time)
})

it.each([
  [60, -51],
  [30, -30],
])(
  'with a skew of %i s and an OP that is 50 s ahead, a challenge has an op_offset of %i s',
  async (clockSkew, offset) => {
    opAhead = 50
    const josh = new Browser(openShop(op, clock, { clockSkew }).app)
    expect(decodeJwt((await josh.approve()).body.challenge ?? '').op_offset).toBe(offset)
  },
)

it('a challenge is issued even while the OP cannot be asked', async () => {
  const down = () => Promise.reject(new TypeError('fetch failed'))
  const josh = new Browser(openShop(op, clock, { fetch: down }).app)
  expect(await josh.approve()).toMatchObject({ status: 401, body: { status: 'challenged' } })
})

it('the OP is asked once for several challenges', async () => {
  const josh = new Browser(openShop(op, clock).app)
  const before = op.requests.jwks
  for (let count = 0; count < 3; count++) expect((await josh.approve()).status).toBe(401)
  expect(op.requests.jwks).toBe(before + 1)
})

it('a grant is dated in whole seconds, whatever the clock says', async () => {
  const josh = new Browser(openShop(op, clock, { now: () => clock.time + 0.9 }).app)
  const { body } = await josh.ask({ action: 'email.change', id_token: await op.mint() })
  expect(decodeJwt(body.grant ?? '')).toMatchObject({ iat: clock.time, exp: clock.time + 60 })
})

it.each<[string, Record<string, unknown>, object]>([
  [
    'as the ID Token says them',
    { acr: 'urn:mfa', amr: ['pwd', 'otp'] },
    { acr: 'urn:mfa', amr: ['pwd', 'otp'] },
  ],
  ['but nothing of another type', { acr: ['urn:mfa'], amr: 'pwd' }, {}],
  ['but no method that is no text', { amr: ['pwd', 1, null] }, { amr: ['pwd'] }],
])('a grant names acr and amr %s', async (_, claims, named) => {
  const josh = new Browser(openShop(op, clock).app)
  const { body } = await josh.ask({ action: 'email.change', id_token: await op.mint(claims) })
  const { acr, amr } = decodeJwt(body.grant ?? '')
  expect({ acr, amr }).toEqual({ acr: undefined, amr: undefined, ...named })
})
