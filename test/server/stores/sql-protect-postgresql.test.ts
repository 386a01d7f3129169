import { sqlMigration } from 'afresh/server/sql'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Kysely, PostgresDialect } from 'kysely'
import { Pool, type PoolClient } from 'pg'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { PostgresServer, postgresPrograms, unlessPostgres } from '../../support/postgresql.ts'
import { ManualClock } from '../../support/shop.ts'
import { drizzleStore } from './adapters/drizzle-postgresql.ts'
import { kyselyStore } from './adapters/kysely.ts'
import { pgStore, transact } from './adapters/pg.ts'
import { postgresStore } from './adapters/postgres.ts'
import { withRetries } from './adapters/retry.ts'
import { type GuardedEmail, guardEmail, outcomeOf, Rollback } from './guarded-email.ts'

describe.skipIf(!postgresPrograms)(`protect in PostgreSQL${unlessPostgres}`, () => {
  const clock = new ManualClock()
  let op: ScriptedOp
  let server: PostgresServer
  let pool: Pool
  beforeAll(async () => {
    op = await startOp(clock.now)
    server = await PostgresServer.start()
    pool = new Pool({ connectionString: server.url, max: 20 })
    await pool.query(sqlMigration({ dialect: 'postgresql' }))
    await pool.query('CREATE TABLE changes (call integer NOT NULL)')
  })
  afterAll(async () => {
    await pool.end()
    await server.close()
    await op.close()
  })
  beforeEach(() => pool.query('TRUNCATE changes'))

  const changes = async (): Promise<number[]> =>
    (await pool.query('SELECT call FROM changes ORDER BY call')).rows.map(({ call }) => call)

  const isolations = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE']
  it.each(isolations)(
    'commits each of 20 operations once under %s, whatever is rolled back',
    async isolation => {
      const { guard, newCall, change } = guardEmail(op, clock, pgStore(pool))
      await guard.ready()
      const calls: Request[] = []
      for (let number = 0; number < 20; number++) calls.push(await newCall())
      const attempt = (number: number, fails: boolean) =>
        withRetries(() =>
          transact(pool, async client => {
            await client.query(`SET TRANSACTION ISOLATION LEVEL ${isolation}`)
            // A request that is tried again is the same `Request`.
            return change(calls[number] as Request, client, async () => {
              await client.query('INSERT INTO changes VALUES ($1)', [number])
              if (fails) throw new Rollback()
              return 'done'
            })
          }),
        )
      const attempts = Array.from({ length: 180 }, (_, i) => outcomeOf(attempt(i % 20, i % 3 === 0)))
      const outcomes = await Promise.all(attempts)
      expect(outcomes.filter(outcome => outcome === 'done')).toHaveLength(20)
      expect(new Set(outcomes)).toEqual(new Set(['done', 'rolled back', 'already_used']))
      expect(await changes()).toEqual(calls.map((_, number) => number))
    },
  )

  describe('by one client after the other', () => {
    let sql: postgres.Sql
    beforeAll(() => {
      sql = postgres(server.url)
    })
    afterAll(() => sql.end())

    /** Rolls a transaction back, commits another one, and tries a third. */
    async function useThreeTimes<Transaction>(
      email: GuardedEmail<Transaction>,
      run: (work: (transaction: Transaction) => Promise<string>) => Promise<string>,
    ): Promise<string[]> {
      const call = await email.newCall()
      const fail = (): never => {
        throw new Rollback()
      }
      const outcomes = []
      for (const work of [fail, () => 'done', () => 'done again']) {
        outcomes.push(await outcomeOf(run(transaction => email.change(call, transaction, work))))
      }
      return outcomes
    }
    const expected = ['rolled back', 'done', 'already_used']

    it('leaves a grant spendable after a rollback by pg', async () => {
      const store = pgStore(pool)
      await store.proveTransactions(work => transact(pool, work))
      const email = guardEmail(op, clock, store)
      expect(await useThreeTimes(email, work => transact(pool, work))).toEqual(expected)
    })

    it('leaves a grant spendable after a rollback by postgres', async () => {
      const store = postgresStore(sql)
      await store.proveTransactions(work => sql.begin(work))
      const email = guardEmail(op, clock, store)
      expect(await useThreeTimes(email, async work => sql.begin(work))).toEqual(expected)
    })

    it('leaves a grant spendable after a rollback by Kysely', async () => {
      const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
      const store = kyselyStore(db, 'postgresql')
      await store.proveTransactions(work => db.transaction().execute(work))
      const email = guardEmail(op, clock, store)
      expect(await useThreeTimes(email, work => db.transaction().execute(work))).toEqual(expected)
    })

    it('leaves a grant spendable after a rollback by Drizzle', async () => {
      const db = drizzle(pool)
      const store = drizzleStore(db)
      await store.proveTransactions(work => db.transaction(work))
      const email = guardEmail(op, clock, store)
      expect(await useThreeTimes(email, work => db.transaction(work))).toEqual(expected)
    })
  })

  describe('gives the errors of the database unchanged', () => {
    let email: GuardedEmail<PoolClient>
    let clients: PoolClient[]
    beforeEach(async () => {
      email = guardEmail(op, clock, pgStore(pool))
      await email.guard.ready()
      clients = [await pool.connect(), await pool.connect()]
    })
    afterEach(async () => {
      for (const client of clients) {
        await client.query('ROLLBACK')
        client.release()
      }
    })
    const begin = (isolation: string) =>
      Promise.all(clients.map(client => client.query(`BEGIN ISOLATION LEVEL ${isolation}`)))

    it.each(['REPEATABLE READ', 'SERIALIZABLE'])(
      '40001 under %s, after which the next try is refused',
      async isolation => {
        const [late, early] = clients as [PoolClient, PoolClient]
        const call = await email.newCall()
        await begin(isolation)
        await late.query('SELECT count(*) FROM changes')
        await email.change(call, early, () => 'done')
        await early.query('COMMIT')
        await expect(email.change(call, late, () => 'done')).rejects.toMatchObject({ code: '40001' })
        await late.query('ROLLBACK')
        await late.query('BEGIN')
        await expect(email.change(call, late, () => 'done')).rejects.toMatchObject({
          code: 'step_up_required',
          reason: 'already_used',
        })
      },
    )

    it('40P01 of one of two that wait for each other, and the other one is committed', async () => {
      const [a, b] = clients as [PoolClient, PoolClient]
      const calls = [await email.newCall(), await email.newCall()] as const
      await begin('READ COMMITTED')
      for (const client of clients) await client.query(`SET LOCAL deadlock_timeout = '10ms'`)
      const both = async (client: PoolClient, first: Request, second: Request): Promise<string> => {
        await email.change(first, client, () => 'done')
        await arrive()
        const outcome = await email.change(second, client, () => 'done').catch(({ code }) => code)
        await client.query(outcome === 'done' ? 'COMMIT' : 'ROLLBACK')
        return outcome
      }
      let arrived = 0
      let open = (): void => {}
      const bothThere = new Promise<void>(resolve => {
        open = resolve
      })
      const arrive = (): Promise<void> => {
        if (++arrived === 2) open()
        return bothThere
      }
      const outcomes = await Promise.all([both(a, calls[0], calls[1]), both(b, calls[1], calls[0])])
      expect(outcomes.sort()).toEqual(['40P01', 'done'])
    })
  })

  it('spends no grant again after waiting for a transaction that outlived it', async () => {
    const { guard, newCall, change } = guardEmail(op, clock, pgStore(pool))
    await guard.ready()
    const call = await newCall()
    let second: Promise<string> | undefined
    await transact(pool, first =>
      change(call, first, async () => {
        second = outcomeOf(transact(pool, client => change(call, client, () => 'done')))
        await expect.poll(waiting, { interval: 10 }).toBe(1)
        // Ten minutes pass, by either clock.
        clock.advance(600)
        await first.query('UPDATE afresh_freshness SET expires_at = expires_at - 600')
      }),
    )
    expect(await second).toBe('grant_expired')
  })

  /** How many connections wait for another one's transaction. */
  const waiting = async (): Promise<number> => {
    const { rows } = await pool.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    return rows.length
  }

  it('leaves a grant spendable, and says so, when the work catches an error of the database', async () => {
    const { newCall, change } = guardEmail(op, clock, pgStore(pool))
    const call = await newCall()
    const attempt = transact(pool, client =>
      change(call, client, async () => {
        await client.query('INSERT INTO changes VALUES (NULL)').catch(() => {})
        return 'done'
      }),
    )
    await expect(attempt).rejects.toThrow('rolled the transaction back')
    expect(await transact(pool, client => change(call, client, () => 'done'))).toBe('done')
  })

  it('lets a grant be used again after its savepoint was rolled back', async () => {
    const { newCall, change } = guardEmail(op, clock, pgStore(pool))
    const call = await newCall()
    await transact(pool, async client => {
      await client.query('SAVEPOINT inner_one')
      await change(call, client, () => 'done')
      await client.query('ROLLBACK TO SAVEPOINT inner_one')
    })
    expect(await transact(pool, client => change(call, client, () => 'done'))).toBe('done')
  })

  it('leaves a grant spendable when the connection is cut within the transaction', async () => {
    const { newCall, change } = guardEmail(op, clock, pgStore(pool))
    const call = await newCall()
    const cut = transact(pool, client =>
      change(call, client, async () => {
        await client.query('INSERT INTO changes VALUES (1)')
        const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
        const gone = new Promise(resolve => client.once('end', resolve))
        await pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid])
        await gone
        return 'lost'
      }),
    )
    await expect(cut).rejects.toThrow()
    expect(await changes()).toEqual([])
    expect(await transact(pool, client => change(call, client, () => 'done'))).toBe('done')
  })

  describe('with a pool of one connection', () => {
    let one: Pool
    beforeAll(() => {
      one = new Pool({ connectionString: server.url, max: 1 })
    })
    afterAll(() => one.end())

    it('cannot try the store within a transaction, and says that ready can', async () => {
      const { newCall, change, errors } = guardEmail(op, clock, pgStore(one), 0.1)
      const call = await newCall()
      const attempt = transact(one, client => change(call, client, () => 'done'))
      await expect(attempt).rejects.toMatchObject({ code: 'temporarily_unavailable' })
      expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('guard.ready()') })])
    })

    it('works once the guard is ready', async () => {
      const { guard, newCall, change } = guardEmail(op, clock, pgStore(one), 1)
      await guard.ready()
      const call = await newCall()
      expect(await transact(one, client => change(call, client, () => 'done'))).toBe('done')
    })
  })
})
