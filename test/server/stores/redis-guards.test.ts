import { createClient } from 'redis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { longestChallenge } from '../../../src/server/freshness/options.ts'
import { redisStore } from '../../../src/server/redis.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { RedisServer, redisPath, unlessInstalled } from '../../support/redis.ts'
import { Browser, ManualClock, openShop, payment } from '../../support/shop.ts'

describe.skipIf(!redisPath)(`guards with one Redis${unlessInstalled}`, () => {
  const clock = new ManualClock()
  let op: ScriptedOp
  let otherOp: ScriptedOp
  let server: RedisServer
  let redis: ReturnType<typeof createClient>
  beforeAll(async () => {
    op = await startOp(clock.now)
    otherOp = await startOp(clock.now)
    server = await RedisServer.start()
    redis = createClient({ url: server.url, disableOfflineQueue: true })
    await redis.on('error', () => {}).connect()
  })
  afterAll(async () => {
    redis.destroy()
    await server.close()
    await otherOp.close()
    await op.close()
  })
  beforeEach(() => redis.flushAll())

  /** A challenge for the browser's person, and the ID Token that answers it with a login of that time. */
  async function challenged(
    browser: Browser,
    at: ScriptedOp,
  ): Promise<(auth_time: number) => Promise<string>> {
    const { body } = await browser.approve()
    return async auth_time => {
      const idToken = await at.mint({ sub: browser.subject, nonce: body.nonce, auth_time })
      const reply = await browser.prove(body.challenge, idToken)
      return reply.body.error ?? reply.body.status ?? ''
    }
  }

  it.each([
    ['the same prefix and OP let a login serve one of them only', 'shop:', 'shop:', true, 'stale'],
    ['other prefixes each take the same login once', 'shop:', 'bank:', true, 'granted'],
    ['the same prefix and other OPs share no person', 'shop:', 'shop:', false, 'granted'],
  ])('%s', async (_, prefix, otherPrefix, sameOp, second) => {
    const issuer = sameOp ? op : otherOp
    const here = new Browser(openShop(op, clock, { store: redisStore(redis, { prefix }) }).app)
    const there = new Browser(
      openShop(issuer, clock, { store: redisStore(redis, { prefix: otherPrefix }) }).app,
    )
    const proveHere = await challenged(here, op)
    const proveThere = await challenged(there, issuer)
    clock.advance(1)
    expect(await proveHere(clock.time)).toBe('granted')
    expect(await proveThere(clock.time)).toBe(second)
  })

  it('name nothing after a person: neither a key nor a value says a subject, in text or in base64', async () => {
    const subject = 'josh@shop.example'
    const shop = openShop(op, clock, { store: redisStore(redis) })
    const josh = new Browser(shop.app)
    josh.subject = subject
    const { body } = await josh.approve()
    clock.advance(1)
    const idToken = await op.mint({ sub: subject, nonce: body.nonce })
    const proved = await josh.prove(body.challenge, idToken)
    expect((await josh.approve(payment, proved.body.grant)).status).toBe(200)

    const keys = (await redis.keys('*')).filter(key => !key.startsWith('afresh:proof:'))
    const kinds = keys.map(key => key.split(':')[1]).sort()
    expect(kinds).toEqual(['challenge', 'grant', 'login'])
    const kept = `${keys.join('\n')}\n${(await redis.mGet(keys)).join('\n')}`
    // Without the last character, which depends on what follows.
    const inBase64 = Buffer.from(subject).toString('base64url').slice(0, -1)
    for (const name of [subject, 'josh', inBase64]) expect(kept).not.toContain(name)
  })

  it('forget within the lifetime of a token: no key stays for ever', async () => {
    const josh = new Browser(openShop(op, clock, { store: redisStore(redis) }).app)
    const prove = await challenged(josh, op)
    clock.advance(1)
    expect(await prove(clock.time)).toBe('granted')
    for (const key of await redis.keys('*')) {
      const left = await redis.ttl(key)
      expect(left).toBeGreaterThan(0)
      expect(left).toBeLessThanOrEqual(longestChallenge + 2 * 30)
    }
  })
})
