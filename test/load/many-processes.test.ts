import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { Random } from '../support/random.ts'
import { RedisServer, redisPath, unlessInstalled } from '../support/redis.ts'
import { Fleet } from './fleet.ts'

const processes = 4
const grants = 1000
const attempts = 100_000
const clients = 64
/** Of the attempts: when one process is killed, and when Redis is. */
const [killedAt, restartedAt] = [45_000, 55_000]
const json = { 'Content-Type': 'application/json' }

/** What the clients saw. A voucher is a grant's number. */
interface Seen {
  readonly statuses: Record<number, number>
  /** How often each voucher was answered 200. */
  readonly told: Map<number, number>
  /** Vouchers of which an attempt got no answer, or a 503: it may or may not have been spent. */
  readonly interrupted: Set<number>
}

describe.skipIf(!redisPath)(`${processes} processes and one Redis${unlessInstalled}`, () => {
  let op: ScriptedOp
  let redis: RedisServer
  let fleet: Fleet

  beforeAll(async () => {
    op = await startOp(() => Math.floor(Date.now() / 1000))
    redis = await RedisServer.start()
    const SECRET = randomBytes(32).toString('base64url')
    fleet = await Fleet.start(processes, clients, { ISSUER: op.issuer, REDIS_URL: redis.url, SECRET })
  }, 60_000)
  afterAll(async () => {
    await fleet.close()
    await redis.close()
    await op.close()
  })

  async function getGrants(): Promise<{ vouchers: string[]; cookie: string }> {
    const id_token = await op.mint({ auth_time: Math.floor(Date.now() / 1000) })
    const ask = JSON.stringify({ action: 'voucher.spend', id_token })
    const first = await fleet.post('/freshness', json, ask)
    const cookie = String(first.headers['set-cookie']).split(';')[0] ?? ''
    const vouchers: string[] = []
    while (vouchers.length < grants) {
      const { text } = await fleet.post('/freshness', { ...json, Cookie: cookie }, ask)
      vouchers.push(JSON.parse(text).grant)
    }
    return { vouchers, cookie }
  }

  /** All the attempts, with the process killed and Redis restarted meanwhile. */
  async function storm(spend: (voucher: number) => Promise<number>): Promise<Seen> {
    const random = new Random(1)
    const seen: Seen = { statuses: {}, told: new Map(), interrupted: new Set() }
    let restarted: Promise<void> | undefined
    let made = 0
    const client = async (): Promise<void> => {
      while (made < attempts) {
        const attempt = made++
        if (attempt === killedAt) fleet.killOne()
        if (attempt === restartedAt) restarted = redis.kill().then(() => redis.restart())
        // Many for the grants whose turn it is, so that half of them are unspent midway; others for any before them.
        const newest = Math.floor((attempt / attempts) * grants)
        const voucher = random.int(attempt % 2 === 0 ? Math.max(0, newest - 8) : 0, newest)
        const status = await spend(voucher)
        seen.statuses[status] = (seen.statuses[status] ?? 0) + 1
        if (status === 200) seen.told.set(voucher, (seen.told.get(voucher) ?? 0) + 1)
        if (status === 0 || status === 503) seen.interrupted.add(voucher)
      }
    }
    await Promise.all(Array.from({ length: clients }, client))
    await restarted
    return seen
  }

  // "Lost" needs a word. Grant and ledger are two stores here, so a process that dies after it has consumed a grant, and
  // before it has written the ledger, burns the grant; so does a Redis that dies after it has written, and before it has
  // answered. Nothing can tell these from the outside: the client got no answer, or a 503. What must never be: a grant that
  // is gone although every attempt to spend it was answered, or a 200 that is not in the ledger.
  it(`of ${attempts} attempts to spend ${grants} grants, one process killed and Redis restarted midway, none succeeds twice, and a grant that is neither spent nor spendable was under way when one of them died`, async () => {
    const { vouchers, cookie } = await getGrants()
    const spend = async (voucher: number): Promise<number> => {
      const grant = { 'Step-Up-Grant': vouchers[voucher] ?? '', Voucher: String(voucher) }
      return (await fleet.post('/spend', { ...grant, Cookie: cookie, Authorization: 'josh' })).status
    }
    const { statuses, told, interrupted } = await storm(spend)

    const spent = await fleet.ledger()
    const left = vouchers.map((_, voucher) => voucher).filter(voucher => !spent.includes(voucher))
    const spendable: number[] = []
    for (const voucher of left) if ((await spend(voucher)) === 200) spendable.push(voucher)
    const burnt = left.filter(voucher => !spendable.includes(voucher))
    const ledger = await fleet.ledger()
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
  }, 180_000)
})
