import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RedisServer, redisPath, unlessInstalled } from '../support/redis.ts'
import { clients, processes, Storm, timeLimit } from './storm.ts'

const grants = 1000
const attempts = 100_000

describe.skipIf(!redisPath)(`${processes} processes and one Redis${unlessInstalled}`, () => {
  let directory: string
  let redis: RedisServer
  let storm: Storm

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'afresh-load-'))
    redis = await RedisServer.start()
    const env = { REDIS_URL: redis.url, LEDGER: join(directory, 'ledger') }
    storm = await Storm.start({ script: 'redis-api.ts', env, grants, attempts })
  }, 60_000)
  afterAll(async () => {
    await storm?.close()
    await redis?.close()
    await rm(directory, { recursive: true, force: true })
  })

  /** The vouchers that were spent, in order. */
  async function readLedger(): Promise<number[]> {
    const text = await readFile(join(directory, 'ledger'), 'utf8')
    return text.trim().split('\n').map(Number)
  }

  // "Lost" needs a word. Grant and ledger are two stores here, so a process that dies after it has consumed a grant, and
  // before it has written the ledger, burns the grant; so does a Redis that dies after it has written, and before it has
  // answered. Nothing can tell these from the outside: the client got no answer, or a 503. What must never be: a grant that
  // is gone although every attempt to spend it was answered, or a 200 that is not in the ledger.
  it(
    `of ${attempts} attempts to spend ${grants} grants, one process killed and Redis restarted midway, none succeeds twice, and a grant that is neither spent nor spendable was under way when one of them died`,
    async () => {
      const restart = (): Promise<void> => redis.kill().then(() => redis.restart())
      const { statuses, told, interrupted } = await storm.rage({ restart, failures: false })

      const spent = await readLedger()
      const left = [...storm.grants.keys()].filter(voucher => !spent.includes(voucher))
      const spendable: number[] = []
      for (const voucher of left) if ((await storm.spend(voucher)) === 200) spendable.push(voucher)
      const burnt = left.filter(voucher => !spendable.includes(voucher))
      const ledger = await readLedger()
      console.info(
        `Answers by status: ${JSON.stringify(statuses)}. Of ${grants} grants ${told.size} were answered 200, ` +
          `${new Set(spent).size - told.size} were spent without the client hearing of it, ${spendable.length} could be spent ` +
          `afterwards, ${burnt.length} were burnt by the crashes.`,
      )

      const wasAnswered = (voucher: number): boolean => !interrupted.has(voucher)
      expect(new Set(ledger).size).toBe(ledger.length)
      expect([...told].filter(([, times]) => times > 1)).toEqual([])
      expect([...told.keys()].filter(voucher => !spent.includes(voucher))).toEqual([])
      expect(spent.filter(voucher => !told.has(voucher) && wasAnswered(voucher))).toEqual([])
      expect(burnt.filter(wasAnswered)).toEqual([])
      expect(ledger.length + burnt.length).toBe(grants)
      // Two crashes, and each client has one attempt under way.
      expect(burnt.length).toBeLessThanOrEqual(2 * clients)
      // It was a storm: Redis was away, and most attempts came too late.
      expect(statuses[503]).toBeGreaterThan(0)
      expect(statuses[401]).toBeGreaterThan(attempts / 2)
    },
    timeLimit,
  )
})
