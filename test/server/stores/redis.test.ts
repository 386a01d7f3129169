import { type Cluster, Redis } from 'ioredis'
import { createClient, type RedisClusterType, type RedisSentinelType } from 'redis'
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import { type IoredisClient, ioredisStore, type RedisClient, redisStore } from '../../../src/server/redis.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { RedisServer, redisPath, unlessInstalled } from '../../support/redis.ts'
import { type StoreClient, singleClients } from '../../support/redis-clients.ts'
import { keepsTheContract } from '../../support/redis-contract.ts'
import { Browser, ManualClock, openShop, payment } from '../../support/shop.ts'

describe.skipIf(!redisPath).each(Object.entries(singleClients))(
  `a store in Redis by %s${unlessInstalled}`,
  (_, connect) => {
    let server: RedisServer
    let client: StoreClient
    beforeAll(async () => {
      server = await RedisServer.start()
      client = await connect([server])
    })
    afterAll(async () => {
      client.end()
      await server.close()
    })

    keepsTheContract(() => client)

    it('remembers over a restart of Redis, and asks for nothing twice meanwhile', async () => {
      const store = client.store()
      await store.consume('kept', 60)
      await server.kill()
      await expect(store.consume('refused', 60)).rejects.toThrow()
      await server.restart()
      await client.back()
      expect(await store.consume('kept', 60)).toBe(false)
      expect(await store.consume('refused', 60)).toBe(true)
    })
  },
)

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
    const redis: RedisClient = { eval: answer }
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
    const broken = openShop(op, clock, { store: redisStore({ eval: fail }) })
    josh.app = broken.app
    expect((await josh.approve(payment, granted.grant)).status).toBe(503)
    expect(broken.ledger).toEqual([])
  })

  it.each([undefined, null, true, 1, 'OK', 'QUEUED', ['ok', 'ok'], Buffer.from('OK')])(
    'but answers %s is not believed',
    async reply => {
      const store = redisStore({ eval: async () => reply })
      const wrong = { code: 'configuration_invalid' }
      await expect(store.consume('a', 60)).rejects.toMatchObject(wrong)
      await expect(store.advance('a', 1, 60)).rejects.toMatchObject(wrong)
      await expect(store.redeem('a', 'b', 1, 60)).rejects.toMatchObject(wrong)
    },
  )
})

describe('a client that cannot be used is refused at once', () => {
  const refused = expect.objectContaining({ code: 'configuration_invalid' })
  const nodeRedis = createClient()
  const ioredis = new Redis({ lazyConnect: true })
  const eval_ = async (): Promise<string> => 'ok'

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a URL', 'redis://localhost'],
    ['one without eval', { set: eval_ }],
    ['one of ioredis', ioredis],
  ])('by redisStore: %s', (_, client) => {
    expect(() => redisStore(client as RedisClient)).toThrow(refused)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a URL', 'redis://localhost'],
    ['one without eval', { defineCommand: eval_ }],
    ['one of the redis package', nodeRedis],
  ])('by ioredisStore: %s', (_, client) => {
    expect(() => ioredisStore(client as IoredisClient)).toThrow(refused)
  })

  it.each<[string, unknown]>([
    ['an opening brace, which would part the keys of one proof', 'shop{'],
    ['braces, which would put all keys into one slot', '{shop}:'],
    ['a closing brace', 'shop}'],
    ['no text', 7],
  ])('so is a prefix with %s', (_, prefix) => {
    const options = { prefix: prefix as string }
    expect(() => redisStore(nodeRedis, options)).toThrow(refused)
    expect(() => ioredisStore(ioredis, options)).toThrow(refused)
  })

  it('so is an option that does not exist', () => {
    const options = { prefix: 'shop:', ttl: 60 }
    expect(() => redisStore(nodeRedis, options)).toThrow(refused)
    expect(() => ioredisStore(ioredis, options)).toThrow(refused)
  })

  it('so is a client of the other package, by its type', () => {
    expectTypeOf<RedisSentinelType | RedisClusterType>().toExtend<RedisClient>()
    expectTypeOf<Redis | Cluster>().toExtend<IoredisClient>()
    expectTypeOf<Redis>().not.toExtend<RedisClient>()
    expectTypeOf<Cluster>().not.toExtend<RedisClient>()
    expectTypeOf<typeof nodeRedis>().not.toExtend<IoredisClient>()
    expectTypeOf<RedisSentinelType>().not.toExtend<IoredisClient>()
  })
})
