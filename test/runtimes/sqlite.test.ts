import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { DatabaseSync } from '@photostructure/sqlite'
import { sqlMigration } from 'afresh/server/sql'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { drizzleStore } from '../server/stores/adapters/drizzle-sqlite.ts'
import { kyselyStore } from '../server/stores/adapters/kysely.ts'
import { openSqlite } from '../server/stores/adapters/sqlite.ts'
import { keepsTheContractInSql, type SqlUnderTest } from '../server/stores/sql-databases.ts'
import { findNode22, hasBetterSqlite } from '../setup/sqlite.ts'

const compiled = hasBetterSqlite()
const node22 = findNode22()
const run = promisify(execFile)

describe.skipIf(!compiled)(`a store by better-sqlite3${compiled ? '' : ' (skipped: not compiled)'}`, () => {
  let db: Database.Database
  beforeEach(() => {
    db = new Database(':memory:')
    db.exec(sqlMigration({ dialect: 'sqlite' }))
  })
  afterEach(() => {
    db.close()
  })
  const underTest = (store: SqlUnderTest['store']): SqlUnderTest => ({
    store,
    dialect: 'sqlite',
    run(text, values) {
      const statement = db.prepare<(string | number)[]>(text)
      return statement.reader ? statement.all(...values) : [statement.run(...values)]
    },
  })

  describe('itself', () => {
    keepsTheContractInSql(() => underTest(openSqlite(db).store))
  })

  describe('with Kysely', () => {
    const open = () => new Kysely<unknown>({ dialect: new SqliteDialect({ database: db }) })
    keepsTheContractInSql(() => underTest(kyselyStore(open(), 'sqlite')))

    it('rolls back what is consumed in a transaction of Kysely', async () => {
      const kysely = open()
      const store = kyselyStore(kysely, 'sqlite')
      await store.proveTransactions(work => kysely.transaction().execute(work))
    })
  })

  describe('with Drizzle', () => {
    keepsTheContractInSql(() => underTest(drizzleStore(drizzle({ client: db }))))
  })

  it('rolls back what is consumed in a transaction', async () => {
    const { store, transact } = openSqlite(db)
    await store.proveTransactions(transact)
  })
})

describe.skipIf(!node22)(`a store by node:sqlite${node22 ? '' : ' (skipped: no Node 22)'}`, () => {
  it('spends each of 40 grants once, when three processes share the file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'afresh-node-sqlite-'))
    const file = join(directory, 'app.db')
    const db = new DatabaseSync(file)
    try {
      db.exec('PRAGMA journal_mode = WAL')
      db.exec(sqlMigration({ dialect: 'sqlite' }))
      db.exec('CREATE TABLE changes (grant_number INTEGER NOT NULL)')
      const script = fileURLToPath(new URL('node-sqlite.mjs', import.meta.url))
      const one = () => run(node22 ?? '', ['--no-warnings', script, file, '40'])
      const outputs = await Promise.all([one(), one(), one()])
      const committed = outputs.reduce((sum, { stdout }) => sum + Number(stdout), 0)
      expect(committed).toBe(40)
      const rows = db.prepare('SELECT grant_number AS number FROM changes ORDER BY 1').all()
      expect(rows.map(row => Object(row).number)).toEqual(Array.from({ length: 40 }, (_, number) => number))
    } finally {
      db.close()
      await rm(directory, { recursive: true, force: true })
    }
  })
})
