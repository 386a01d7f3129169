// sqlite.ts
import { type SqlStore, type SqlValue, sqlStore } from 'afresh/server/sql'

/** What `node:sqlite`, `better-sqlite3` and `@photostructure/sqlite` have in common. */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): { all(...values: SqlValue[]): unknown[] }
}

export interface Sqlite {
  readonly store: SqlStore<SqliteDatabase>
  /** Runs work in a transaction, after those before it. Work must not wait for another `transact`. */
  readonly transact: <T>(work: (db: SqliteDatabase) => Promise<T>) => Promise<T>
}

export function openSqlite(db: SqliteDatabase): Sqlite {
  let last: Promise<unknown> = Promise.resolve()
  // The drivers answer at once and block, so nothing else may use the connection while a transaction waits.
  function inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
  return {
    store: sqlStore({
      dialect: 'sqlite',
      query: (text, values, transaction) =>
        transaction
          ? transaction.prepare(text).all(...values)
          : inTurn(() => db.prepare(text).all(...values)),
    }),
    transact: work =>
      inTurn(async () => {
        db.exec('BEGIN IMMEDIATE')
        try {
          const result = await work(db)
          db.exec('COMMIT')
          return result
        } catch (error) {
          rollBack(db)
          throw error
        }
      }),
  }
}

function rollBack(db: SqliteDatabase): void {
  try {
    db.exec('ROLLBACK')
  } catch {
    // SQLite has done it already, e.g. because the disk is full.
  }
}
