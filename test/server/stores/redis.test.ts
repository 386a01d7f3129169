import { createClient } from 'redis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FreshnessStore } from '../../../src/server/index.ts'
import { type RedisClient, redisStore } from '../../../src/server/stores/redis.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { RedisServer, redisPath, unlessInstalled } from '../../support/redis.ts'
import { Browser, ManualClock, openShop, payment } from '../../support/shop.ts'

describe.skipIf(!redisPath)(`a store in Redis${unlessInstalled}`, () => {
  let server: RedisServer
  let redis: ReturnType<typeof createClient>
  let store: FreshnessStore
  let names = 0
  let key = ''

  beforeAll(async () => {
    server = await RedisServer.start()
    redis = createClient({ url: server.url, disableOfflineQueue: true })
    redis.on('error', () => {})
    await redis.connect()
    store = redisStore(redis)
  })
  afterAll(async () => {
    redis.destroy()
    await server.close()
  })
  beforeEach(() => {
    key = `key ${names++}`
  })

  it('consumes a key once', async () => {
    expect(await store.consume(key, 60)).toBe(true)
    expect(await store.consume(key, 60)).toBe(false)
  })

  it('lets one of many consume it', async () => {
    const results = await Promise.all(Array.from({ length: 200 }, () => store.consume(key, 60)))
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it.each([
    [60, 60],
    [0.5, 1],
    [0, 1],
    [1.2, 2],
  ])('keeps a key for %s s as %s s in Redis', async (ttl, kept) => {
    await store.consume(key, ttl)
    expect(await redis.ttl(`afresh:${key}`)).toBe(kept)
    await store.advance(`${key} login`, 1, ttl)
    expect(await redis.ttl(`afresh:${key} login`)).toBe(kept)
  })

  it('does not let a second attempt prolong a key', async () => {
    await store.consume(key, 10)
    await store.consume(key, 60)
    expect(await redis.ttl(`afresh:${key}`)).toBeLessThanOrEqual(10)
  })

  it('advances to a greater value only', async () => {
    const results = []
    for (const value of [-1, 0, 0, 5, 4, 1_800_000_000, 1_800_000_001]) {
      results.push(await store.advance(key, value, 60))
    }
    expect(results).toEqual([true, true, false, true, false, true, true])
  })

  it.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY])('never advances to %s', async value => {
    expect(await store.advance(key, value, 60)).toBe(false)
    expect(await redis.exists(`afresh:${key}`)).toBe(0)
  })

  it('lets one of many advance to the same value at once', async () => {
    const results = await Promise.all(Array.from({ length: 200 }, () => store.advance(key, 7, 60)))
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it('redeems a challenge once, and a login for one challenge only', async () => {
    const results = []
    for (const [challenge, value] of [
      ['a', 5],
      ['a', 9],
      ['b', 5],
      ['b', 4],
      ['b', 6],
    ] as const) {
      results.push(await store.redeem(`${key} ${challenge}`, key, value, 60))
    }
    expect(results).toEqual(['ok', 'used', 'older', 'older', 'ok'])
    expect(await redis.get(`afresh:${key}`)).toBe('6')
  })

  it('keeps both keys of what it redeems for their time, and none of what it does not', async () => {
    await store.redeem(`${key} a`, key, 5, 600)
    expect(await store.redeem(`${key} b`, key, 5, 600)).toBe('older')
    for (const end of ['', ' a']) {
      const left = await redis.ttl(`afresh:${key}${end}`)
      expect(left).toBeGreaterThan(590)
      expect(left).toBeLessThanOrEqual(600)
    }
    expect(await redis.exists(`afresh:${key} b`)).toBe(0)
  })

  it.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY])('never redeems by a login of %s', async value => {
    expect(await store.redeem(`${key} a`, key, value, 60)).toBe('older')
    expect(await redis.exists([`afresh:${key} a`, `afresh:${key}`])).toBe(0)
  })

  it('lets one of many redeem the same login at once', async () => {
    const redeem = (_: unknown, index: number) => store.redeem(`${key} ${index}`, key, 7, 60)
    const results = await Promise.all(Array.from({ length: 200 }, redeem))
    expect(results.filter(result => result === 'ok')).toHaveLength(1)
  })

  it('keeps to its prefix', async () => {
    await redisStore(redis, { prefix: 'other:' }).consume(key, 60)
    expect(await store.consume(key, 60)).toBe(true)
  })

  it('remembers over a restart of Redis', async () => {
    await store.consume(key, 60)
    await server.kill()
    await server.restart()
    while (!redis.isReady) await new Promise(resolve => setImmediate(resolve))
    expect(await store.consume(key, 60)).toBe(false)
  })
})

describe('a Redis that does not work', () => {
  const clock = new ManualClock()
  let op: ScriptedOp
  beforeAll(async () => {
    op = await startOp(clock.now)
  })
  afterAll(() => op.close())

  const never = new Promise<never>(() => {})
  it.each<[string, () => Promise<unknown>]>([
    ['is down', () => Promise.reject(new Error('ECONNREFUSED'))],
    ['does not answer', () => never],
  ])('because it %s causes a 503 to a proof, and nothing is granted or used', async (_, answer) => {
    const redis: RedisClient = { set: answer, eval: answer }
    const shop = openShop(op, clock, { store: redisStore(redis), storeTimeout: 0.01 })
    const josh = new Browser(shop.app)
    const { body } = await josh.approve()
    clock.advance(1)
    const reply = await josh.prove(body.challenge, await op.mint({ nonce: body.nonce }))
    expect(reply).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
    expect(reply.headers.get('Retry-After')).toBe('5')
    expect(reply.body.grant).toBeUndefined()
  })

  it('because it fails while a grant is used causes a 503, and the action does not happen', async () => {
    const shop = openShop(op, clock)
    const josh = new Browser(shop.app)
    const { body } = await josh.approve()
    clock.advance(1)
    const { body: granted } = await josh.prove(body.challenge, await op.mint({ nonce: body.nonce }))
    const fail = (): Promise<never> => Promise.reject(new Error('READONLY'))
    const broken = openShop(op, clock, { store: redisStore({ set: fail, eval: fail }) })
    josh.app = broken.app
    expect((await josh.approve(payment, granted.grant)).status).toBe(503)
    expect(broken.ledger).toEqual([])
  })

  it.each([undefined, true, 1, 'QUEUED', Buffer.from('OK')])(
    'but answers %s is not believed',
    async reply => {
      const answer = async () => reply
      const store = redisStore({ set: answer, eval: answer })
      await expect(store.consume('a', 60)).rejects.toThrow()
      await expect(store.redeem('a', 'b', 1, 60)).rejects.toThrow()
    },
  )

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a URL', 'redis://localhost'],
    ['a client of another kind', { get: () => never }],
    ['a client without eval', { set: () => never }],
    ['a client without set', { eval: () => never }],
  ])('because it is %s is refused at once', (_, client) => {
    expect(() => redisStore(client as RedisClient)).toThrow(
      expect.objectContaining({ code: 'configuration_invalid' }),
    )
  })
})
