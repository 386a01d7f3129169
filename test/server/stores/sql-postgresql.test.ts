import { sqlMigration } from 'afresh/server/sql'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresServer, postgresPrograms, unlessPostgres } from '../../support/postgresql.ts'
import { drizzleStore } from './adapters/drizzle-postgresql.ts'
import { kyselyStore } from './adapters/kysely.ts'
import { pgStore } from './adapters/pg.ts'
import { postgresStore } from './adapters/postgres.ts'
import { keepsTheContractInSql, type SqlUnderTest } from './sql-databases.ts'

describe.skipIf(!postgresPrograms)(`a store in PostgreSQL${unlessPostgres}`, () => {
  let server: PostgresServer
  let pool: Pool
  beforeAll(async () => {
    server = await PostgresServer.start()
    pool = new Pool({ connectionString: server.url })
    await pool.query(sqlMigration({ dialect: 'postgresql' }))
    await pool.query(sqlMigration({ dialect: 'postgresql' }))
  })
  afterAll(async () => {
    await pool.end()
    await server.close()
  })
  const underTest = (store: SqlUnderTest['store']): SqlUnderTest => ({
    store,
    dialect: 'postgresql',
    run: async (text, values) => (await pool.query(text, values)).rows,
  })

  const isolations = ['read committed', 'repeatable read', 'serializable']
  describe.each(isolations)('by pg, where the default isolation is %s', isolation => {
    let own: Pool
    beforeAll(() => {
      const options = `-c default_transaction_isolation=${isolation.replace(' ', '\\ ')}`
      own = new Pool({ connectionString: server.url, options, max: 20 })
    })
    afterAll(() => own.end())
    keepsTheContractInSql(() => underTest(pgStore(own)))

    it('is in use', async () => {
      const { rows } = await own.query('SHOW transaction_isolation')
      expect(rows).toEqual([{ transaction_isolation: isolation }])
    })
  })

  describe('by postgres', () => {
    let sql: postgres.Sql
    beforeAll(() => {
      sql = postgres(server.url)
    })
    afterAll(() => sql.end())
    keepsTheContractInSql(() => underTest(postgresStore(sql)))
  })

  describe('by Kysely', () => {
    let db: Kysely<unknown>
    beforeAll(() => {
      db = new Kysely({ dialect: new PostgresDialect({ pool }) })
    })
    keepsTheContractInSql(() => underTest(kyselyStore(db, 'postgresql')))
  })

  describe('by Drizzle', () => {
    keepsTheContractInSql(() => underTest(drizzleStore(drizzle(pool))))
  })
})
