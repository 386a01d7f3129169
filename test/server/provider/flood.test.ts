import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, type Shop } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let josh: Browser

beforeEach(async () => {
  clock.time = 1_800_000_000
  op = await startOp(clock.now)
  shop = openShop(op, clock)
  josh = new Browser(shop.app)
})
afterEach(() => op.close())

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = { iss: 'x', sub: 'x', aud: 'x', iat: 0, exp: 0 }
const garbage = (kid: string, alg = 'RS256'): string => `${part({ alg, kid })}.${part(claims)}.AA`

/** The statuses of that many Asks at once, each counted. */
async function statusesOf(tokens: readonly string[]): Promise<Record<number, number>> {
  const counts: Record<number, number> = {}
  const replies = await Promise.all(tokens.map(id_token => josh.ask({ action: 'email.change', id_token })))
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
const thousand = (make: (index: number) => string): string[] =>
  Array.from({ length: 1000 }, (_, i) => make(i))

describe('a thousand tokens with unknown keys', () => {
  it('start one fetch, and are reported once in 30 s, with how many there were', async () => {
    await statusesOf([await op.mint()])
    expect(await statusesOf([garbage('first')])).toEqual({ 403: 1 })
    expect(op.requests.jwks).toBe(2)

    expect(await statusesOf(thousand(index => garbage(`kid-${index}`)))).toEqual({ 503: 1000 })
    expect(op.requests.jwks).toBe(2)
    expect(shop.errors).toHaveLength(1)

    clock.advance(29)
    await statusesOf([garbage('kid')])
    expect(shop.errors).toHaveLength(1)
    clock.advance(1)
    // The first fetches and is judged; the second is told, with those that were not.
    expect(await statusesOf([garbage('kid'), await op.mint({ auth_time: 0 })])).toEqual({ 403: 1, 401: 1 })
    expect(await statusesOf([garbage('kid')])).toEqual({ 503: 1 })
    expect(shop.errors).toHaveLength(2)
    expect(String(shop.errors[1])).toContain('1000 more')
    expect(op.requests.jwks).toBe(3)
  })

  it('keep no token of a known key from passing', async () => {
    const honest = await op.mint({ auth_time: 0 })
    await statusesOf([honest])
    // No more than the endpoint works on at once, with the honest ones.
    const tokens = thousand(index => garbage(`kid-${index}`)).slice(2)
    expect((await statusesOf([honest, ...tokens, honest]))[401]).toBe(2)
  })
})

describe('tokens with unknown keys while the OP hangs', () => {
  /** Answers of the OP's key set that a test lets go. */
  let held: (() => void)[]
  let hangs: boolean

  beforeEach(() => {
    held = []
    hangs = false
  })

  async function open(maxConcurrent: number): Promise<void> {
    const slow: typeof fetch = async (input, init) => {
      if (hangs && String(input).endsWith('/jwks')) await new Promise<void>(resolve => held.push(resolve))
      return fetch(input, init)
    }
    shop = openShop(op, clock, { fetch: slow, maxConcurrent })
    josh.app = shop.app
    await statusesOf([await op.mint()])
    hangs = true
  }
  async function untilHeld(): Promise<void> {
    for (let turn = 0; turn < 1_000 && held.length === 0; turn++) {
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(held).toHaveLength(1)
  }

  it.each<[number, number]>([
    [2, 1],
    [3, 2],
    [10, 5],
    [1_000, 101],
  ])('of %d places take no more than %d, and those whose key is known pass', async (places, taken) => {
    await open(places)
    const honest = await op.mint({ auth_time: 0 })
    const flood = statusesOf(Array.from({ length: places }, (_, index) => garbage(`kid-${index}`)))
    await untilHeld()
    expect(await statusesOf([honest])).toEqual({ 401: 1 })
    for (const release of held) release()
    const refused = places - taken
    expect(await flood).toEqual({ 403: taken, ...(refused > 0 && { 503: refused }) })
    // A flood does not fill the log.
    expect(shop.errors).toEqual([])
  })

  it('all pass after one fetch when the OP has rotated its keys', async () => {
    await open(1_000)
    await op.rotate()
    const replies = statusesOf(await Promise.all(Array.from({ length: 50 }, () => op.mint({ auth_time: 0 }))))
    await untilHeld()
    for (const release of held) release()
    expect(await replies).toEqual({ 401: 50 })
    expect(op.requests.jwks).toBe(2)
  })
})

describe('a failure that many requests run into', () => {
  it('is reported once for each fetch that failed', async () => {
    op.down = true
    const tokens = thousand(() => garbage('kid')).slice(0, 100)
    expect(await statusesOf(tokens)).toEqual({ 503: 100 })
    expect(await statusesOf(tokens)).toEqual({ 503: 100 })
    expect(shop.errors).toHaveLength(1)
    clock.advance(1)
    expect(await statusesOf(tokens)).toEqual({ 503: 100 })
    expect(shop.errors).toHaveLength(2)
  })

  it('is reported once in 30 s for a published key that is broken', async () => {
    const broken: typeof fetch = async (input, init) =>
      String(input).endsWith('/jwks')
        ? Response.json({ keys: [{ kty: 'RSA', kid: 'broken' }] })
        : fetch(input, init)
    shop = openShop(op, clock, { fetch: broken })
    josh.app = shop.app
    expect(await statusesOf(thousand(() => garbage('broken')))).toEqual({ 503: 1000 })
    expect(shop.errors).toHaveLength(1)
  })
})

describe('a clock that is set back by an hour', () => {
  it('does not make a failed fetch last for an hour', async () => {
    op.down = true
    const honest = await op.mint({ auth_time: 0 })
    expect(await statusesOf([honest])).toEqual({ 503: 1 })
    op.down = false
    clock.advance(-3_600)
    expect(await statusesOf([await op.mint({ auth_time: 0 })])).toEqual({ 401: 1 })
  })

  it('makes neither a cool-down nor the silence about it last for an hour', async () => {
    await statusesOf([await op.mint()])
    expect(await statusesOf([garbage('first')])).toEqual({ 403: 1 })
    expect(await statusesOf([garbage('second')])).toEqual({ 503: 1 })
    expect(shop.errors).toHaveLength(1)
    clock.advance(-3_600)
    await op.rotate()
    expect(await statusesOf([await op.mint({ auth_time: 0 })])).toEqual({ 401: 1 })
    // The keys were fetched anew, since their age is not known. So the cool-down begins with the next unknown key.
    expect(await statusesOf([garbage('third')])).toEqual({ 403: 1 })
    expect(await statusesOf([garbage('fourth')])).toEqual({ 503: 1 })
    expect(shop.errors).toHaveLength(2)
  })
})
