import { decodeJwt } from 'jose'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantKey } from '../../src/server/freshness/store-keys.ts'
import { sqlMigration } from '../../src/server/sql.ts'
import { PostgresServer, postgresPrograms, unlessPostgres } from '../support/postgresql.ts'
import { isKept, processes, Storm, timeLimit } from './storm.ts'

// No constraint: the guard alone keeps a voucher from being written down twice.
const ledgerTable = 'CREATE TABLE ledger (voucher integer NOT NULL)'

describe.skipIf(!postgresPrograms).each([
  ['READ COMMITTED', 1000, 100_000],
  ['SERIALIZABLE', 100, 10_000],
])(`${processes} processes and one PostgreSQL, %s${unlessPostgres}`, (isolation, grants, attempts) => {
  let server: PostgresServer
  let storm: Storm

  beforeAll(async () => {
    server = await PostgresServer.start()
    await column(`${sqlMigration({ dialect: 'postgresql' })}; ${ledgerTable}`)
    const env = { DATABASE_URL: server.url, ISOLATION: isolation }
    storm = await Storm.start({ script: 'postgresql-api.ts', env, grants, attempts })
  }, 60_000)
  afterAll(async () => {
    await storm.close()
    await server.close()
  })

  /** The first column of what a statement gives. Several statements in one text give nothing. */
  async function column(text: string): Promise<unknown[]> {
    const client = new Client({ connectionString: server.url })
    await client.connect()
    const { rows } = await client.query({ text, rowMode: 'array' })
    await client.end()
    return (rows ?? []).map(([first]) => first)
  }

  async function readLedger(): Promise<number[]> {
    return (await column('SELECT voucher FROM ledger ORDER BY voucher')).map(Number)
  }

  /** The vouchers whose grants the store's table holds as used. */
  async function readConsumed(): Promise<number[]> {
    const keys = new Set(await column('SELECT key FROM afresh_freshness'))
    const keyOf = (voucher: number): string => grantKey(`${decodeJwt(storm.grants[voucher] ?? '').jti}`)
    return [...storm.grants.keys()].filter(voucher => keys.has(keyOf(voucher)))
  }

  // Grant and ledger are one transaction, so neither crash leaves one without the other. A client that got no answer does
  // not know whether it was committed; then it was, once, or the grant can still be spent.
  it(
    `of ${attempts} attempts to spend ${grants} grants, a third of them rolled back, one process killed and PostgreSQL restarted midway, a grant is spent exactly where its operation is committed`,
    async () => {
      const restart = (): Promise<void> => server.kill().then(() => server.restart())
      const { statuses, told, interrupted } = await storm.rage({ restart, failures: true })

      const spent = await readLedger()
      const consumed = await readConsumed()
      const left = [...storm.grants.keys()].filter(voucher => !spent.includes(voucher))
      const spendable: number[] = []
      for (const voucher of left) if ((await storm.spend(voucher)) === 200) spendable.push(voucher)
      const untold = spent.filter(voucher => !told.has(voucher))
      console.info(
        `Answers by status: ${JSON.stringify(statuses)}. Of ${grants} grants ${told.size} were answered 200, ` +
          `${untold.length} were spent without the client hearing of it, ${spendable.length} could be spent afterwards, ` +
          `${left.length - spendable.length} were lost. ${statuses[409]} operations were rolled back.`,
      )

      expect(consumed).toEqual(spent)
      expect(spent).toEqual([...new Set(spent)])
      expect([...told].filter(([voucher, times]) => times > 1 || !spent.includes(voucher))).toEqual([])
      expect(untold.filter(voucher => !interrupted.has(voucher))).toEqual([])
      expect(spent.filter(isKept)).toEqual([])
      expect(spendable).toEqual(left)
      const all = [...storm.grants.keys()]
      expect(await readLedger()).toEqual(all)
      expect(await readConsumed()).toEqual(all)
      // It was a storm: PostgreSQL was away, operations were rolled back, and most attempts came too late.
      expect(statuses[503]).toBeGreaterThan(0)
      expect(statuses[409]).toBeGreaterThan(grants / 3)
      expect(statuses[401]).toBeGreaterThan(attempts / 2)
    },
    timeLimit,
  )
})
