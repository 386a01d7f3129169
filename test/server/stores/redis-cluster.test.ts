import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { proofKeys } from '../../../src/server/freshness/store-keys.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { redisPath, unlessInstalled } from '../../support/redis.ts'
import { clusterClients, type StoreClient } from '../../support/redis-clients.ts'
import { RedisCluster } from '../../support/redis-cluster.ts'
import { keepsTheContract } from '../../support/redis-contract.ts'
import { Browser, ManualClock, openShop, payment } from '../../support/shop.ts'

describe.skipIf(!redisPath)(`a Redis Cluster of three masters${unlessInstalled}`, () => {
  const clock = new ManualClock()
  let op: ScriptedOp
  let cluster: RedisCluster
  beforeAll(async () => {
    op = await startOp(clock.now)
    cluster = await RedisCluster.start()
  }, 30_000)
  afterAll(async () => {
    await cluster.close()
    await op.close()
  })

  it('keeps the two keys of one proof in one slot, and people in different ones', async () => {
    const slots = new Set<number>()
    for (const person of ['josh', 'jane', 'jim', 'joan']) {
      const { challenge, login } = await proofKeys('https://op.example', person, crypto.randomUUID())
      const slot = await cluster.slotOf(`afresh:${login}`)
      expect(await cluster.slotOf(`afresh:${challenge}`)).toBe(slot)
      slots.add(slot)
    }
    expect(slots.size).toBeGreaterThan(1)
  })

  describe.each(Object.entries(clusterClients))('by %s', (_, connect) => {
    let client: StoreClient
    beforeAll(async () => {
      client = await connect(cluster.nodes)
    })
    afterAll(() => client.end())

    keepsTheContract(() => client)

    it('refuses to carry out half of a redeem whose keys are in different slots', async () => {
      const key = crypto.randomUUID()
      await expect(client.store().redeem(`${key} a`, `${key} b`, 1, 60)).rejects.toThrow(/slot/i)
      expect(await cluster.keys()).not.toContain(`afresh:${key} a`)
    })

    it('serves a guard from Ask to Use for many people, whose keys are spread over all masters', async () => {
      const prefix = `${crypto.randomUUID()}:`
      const shop = openShop(op, clock, { store: client.store({ prefix }) })
      const people = Array.from({ length: 24 }, (_, index) => `person ${index}`)
      for (const person of people) {
        const browser = new Browser(shop.app)
        browser.subject = person
        const { body } = await browser.approve()
        clock.advance(1)
        const idToken = await op.mint({ sub: person, nonce: body.nonce })
        const proved = await browser.prove(body.challenge, idToken)
        expect(proved.body.status).toBe('granted')
        expect((await browser.prove(body.challenge, idToken)).body.error).toBe('already_used')
        expect((await browser.approve(payment, proved.body.grant)).status).toBe(200)
        expect((await browser.approve(payment, proved.body.grant)).status).toBe(401)
      }
      expect(shop.ledger.map(({ subject }) => subject)).toEqual(people)
      for (const node of cluster.nodes) expect(await node.run('KEYS', `${prefix}login:*`)).not.toEqual([])
    })
  })
})
