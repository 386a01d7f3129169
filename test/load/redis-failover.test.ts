import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Random } from '../support/random.ts'
import { redisPath, type Settings, unlessInstalled } from '../support/redis.ts'
import { SentinelGroup } from '../support/redis-sentinel.ts'
import { clients, processes, type Seen, Storm, timeLimit } from './storm.ts'

const grants = 1000
/** Attempts that Redis answered. Those that it could not answer come on top. */
const attempts = 6_000
/** Of the attempts: when the line to the replicas is cut, if it is, and how many come until the primary is killed. */
const [cutAt, untilKilled] = [2_000, 600]

interface Failover {
  readonly client: 'node-redis' | 'ioredis'
  readonly replicas: number
  readonly settings: Settings
  /** Whether the line to the replicas is cut before the primary is killed. */
  readonly cut: boolean
  /** How many grants may be spent a second time. Each client has one attempt under way when the primary dies. */
  readonly twice: readonly [least: number, most: number]
}

const failovers: readonly [name: string, Failover][] = [
  [
    'the replica keeps up',
    { client: 'node-redis', replicas: 1, settings: {}, cut: false, twice: [0, clients] },
  ],
  [
    'the replica sees nothing',
    { client: 'ioredis', replicas: 1, settings: {}, cut: true, twice: [1, grants] },
  ],
  [
    'the replicas see nothing, and min-replicas-to-write is 1',
    {
      client: 'ioredis',
      replicas: 2,
      settings: { 'min-replicas-to-write': 1, 'min-replicas-max-lag': 1 },
      cut: true,
      twice: [0, clients],
    },
  ],
]

/** What the clients saw. */
interface SeenOfFailover extends Seen {
  /** For how many milliseconds no grant was spent. */
  readonly away: number
}

describe.skipIf(!redisPath)(`${processes} processes and a failover of Redis${unlessInstalled}`, () => {
  let directory: string
  let group: SentinelGroup
  let storm: Storm
  afterEach(async () => {
    await storm.close()
    await group.close()
    await rm(directory, { recursive: true, force: true })
  })

  const ledgerFile = (): string => join(directory, 'ledger')

  async function open({ client, replicas, settings }: Failover): Promise<void> {
    directory = await mkdtemp(join(tmpdir(), 'afresh-load-'))
    group = await SentinelGroup.start(replicas, settings)
    const env = { SENTINEL_PORT: String(group.port), CLIENT: client, LEDGER: ledgerFile() }
    storm = await Storm.start({ script: 'redis-failover-api.ts', env, grants, attempts })
  }

  /** How often each voucher was spent. */
  async function readLedger(): Promise<Map<number, number>> {
    const times = new Map<number, number>()
    for (const line of (await readFile(ledgerFile(), 'utf8')).trim().split('\n')) {
      times.set(Number(line), (times.get(Number(line)) ?? 0) + 1)
    }
    return times
  }

  /** All the attempts, with the primary killed meanwhile. */
  async function rage(cut: boolean): Promise<SeenOfFailover> {
    const random = new Random(1)
    const statuses: Record<number, number> = {}
    const told = new Map<number, number>()
    const interrupted = new Set<number>()
    let answered = 0
    let killAt = Number.POSITIVE_INFINITY
    let diedAt = 0
    let backAt = 0
    let crash: Promise<void> | undefined
    let line: Promise<void> | undefined
    const client = async (): Promise<void> => {
      while (answered < attempts) {
        if (answered >= cutAt) {
          line ??= (cut ? group.cutLink() : Promise.resolve()).then(() => {
            killAt = answered + untilKilled
          })
        }
        if (answered >= killAt) {
          crash ??= group.killPrimary().then(() => {
            diedAt = Date.now()
          })
        }
        // Many for the grants whose turn it is, so that half of them are unspent midway; others for any before them.
        const newest = Math.floor((answered / attempts) * grants)
        const voucher = random.int(random.int(0, 1) === 0 ? Math.max(0, newest - 8) : 0, newest)
        const status = await storm.spend(voucher)
        statuses[status] = (statuses[status] ?? 0) + 1
        if (status === 0 || status === 503) {
          interrupted.add(voucher)
          continue
        }
        answered++
        if (status === 200) told.set(voucher, (told.get(voucher) ?? 0) + 1)
        if (diedAt > 0 && backAt === 0 && status === 200) backAt = Date.now()
      }
    }
    await Promise.all(Array.from({ length: clients }, client))
    await line
    await crash
    return { statuses, told, interrupted, away: backAt - diedAt }
  }

  /** Until there is an answer: the new primary may be without a replica for a moment, and refuses all writes then. */
  async function spendLater(voucher: number): Promise<number> {
    const status = await storm.spend(voucher)
    return status === 503 ? spendLater(voucher) : status
  }

  // What can be lost: a grant is burnt when its primary dies after it has written, and before it has answered; its client
  // got a 503, or nothing. What can happen twice: a grant that the old primary had spent, and that no replica had seen,
  // is spent once more on the new one. What must never be: a grant spent a third time, or burnt although every attempt
  // to spend it was answered.
  it.each(failovers)(
    'the primary is killed while %s: no grant is spent a third time, and none is gone whose clients were all answered',
    async (name, failover) => {
      await open(failover)
      const { statuses, told, interrupted, away } = await rage(failover.cut)

      const timesSpent = await readLedger()
      const left = Array.from({ length: grants }, (_, voucher) => voucher).filter(
        voucher => !timesSpent.has(voucher),
      )
      const spendable: number[] = []
      for (const voucher of left) if ((await spendLater(voucher)) === 200) spendable.push(voucher)
      const burnt = left.filter(voucher => !spendable.includes(voucher))
      const twice = [...timesSpent].filter(([, times]) => times > 1)
      console.info(
        `While ${name} (${failover.client}): answers by status ${JSON.stringify(statuses)}, no grant spent for ` +
          `${away} ms. Of ${grants} grants ${timesSpent.size} were spent, ${twice.length} of them twice; ` +
          `${spendable.length} could be spent afterwards, ${burnt.length} were burnt by the crash.`,
      )

      expect(twice.filter(([, times]) => times > 2)).toEqual([])
      const [least, most] = failover.twice
      expect(twice.length).toBeGreaterThanOrEqual(least)
      expect(twice.length).toBeLessThanOrEqual(most)
      expect([...told.keys()].filter(voucher => !timesSpent.has(voucher))).toEqual([])
      expect(burnt.filter(voucher => !interrupted.has(voucher))).toEqual([])
      expect(timesSpent.size + spendable.length + burnt.length).toBe(grants)
      expect(burnt.length).toBeLessThanOrEqual(clients)
      expect(statuses[503]).toBeGreaterThan(0)
      expect(statuses[401]).toBeGreaterThan(attempts / 2)
    },
    timeLimit,
  )
})
