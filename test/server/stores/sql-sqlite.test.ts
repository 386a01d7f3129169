import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { sqlMigration } from 'afresh/server/sql'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { Kysely, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe } from 'vitest'
import { drizzleStore } from './adapters/drizzle-sqlite.ts'
import { kyselyStore } from './adapters/kysely.ts'
import { openSqlite } from './adapters/sqlite.ts'
import { keepsTheContractInSql, type SqlUnderTest } from './sql-databases.ts'

describe('a store in SQLite', () => {
  let db: DatabaseSyncInstance
  beforeEach(() => {
    db = new DatabaseSync(':memory:')
    db.exec(sqlMigration({ dialect: 'sqlite' }))
    db.exec(sqlMigration({ dialect: 'sqlite' }))
  })
  afterEach(() => db.close())
  const underTest = (store: SqlUnderTest['store']): SqlUnderTest => ({
    store,
    dialect: 'sqlite',
    run: (text, values) => db.prepare(text).all(...values),
  })

  describe('by the API of node:sqlite', () => {
    keepsTheContractInSql(() => underTest(openSqlite(db).store))
  })

  describe('by Kysely', () => {
    keepsTheContractInSql(() => underTest(kyselyStore(new Kysely({ dialect: kyselyDialect(db) }), 'sqlite')))
  })

  describe('by Drizzle', () => {
    // As its own drivers do: a statement that Drizzle has not built gives rows as the database does.
    const proxy = () => drizzle(async (text, values) => ({ rows: db.prepare(text).all(...values) }))
    keepsTheContractInSql(() => underTest(drizzleStore(proxy())))
  })
})

/** Kysely knows better-sqlite3, whose statements say whether they give rows. */
function kyselyDialect(db: DatabaseSyncInstance): SqliteDialect {
  return new SqliteDialect({
    database: {
      close: () => {},
      prepare(text) {
        const statement = db.prepare(text)
        return {
          reader: statement.columns().length > 0,
          all: values => statement.all(...(values as string[])),
          run: values => statement.run(...(values as string[])),
          iterate: values => statement.iterate(...(values as string[])),
        }
      },
    },
  })
}
