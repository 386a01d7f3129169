// What a process does with each store: its guard, Use as the store allows it, and one bare command of its client.
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite'
import { createFreshnessGuard, memoryStore } from 'afresh/server'
import { redisStore } from 'afresh/server/redis'
import { sqlMigration, sqlStore } from 'afresh/server/sql'
import { Pool, type PoolClient } from 'pg'
import { createClient } from 'redis'
import { inTransaction } from '../../../support/pg-transaction.ts'
import { guardOptions, type StoreName, usedAction, user } from './setup.ts'

/** An API's work with one store. */
export interface Backend {
  readonly guard: {
    readonly handler: (request: Request) => Promise<Response>
    readonly ready: () => Promise<void>
  }
  /** Uses the request's grant. For SQL, in a transaction that does nothing else. */
  readonly use: (request: Request) => Promise<unknown>
  /** One command, without a guard. */
  readonly bare: () => unknown
}

type Connect = (url: string, issuer: string) => Promise<Backend> | Backend

const memory: Connect = (_, issuer) => {
  const store = memoryStore({ maxEntries: 1_000_000 })
  const guard = createFreshnessGuard({ ...guardOptions(issuer), store })
  return { guard, use: request => guard.require(request, usedAction, { subject: user }), bare: () => {} }
}

const redis: Connect = async (url, issuer) => {
  const client = createClient({ url, disableOfflineQueue: true })
  await client.connect()
  const guard = createFreshnessGuard({ ...guardOptions(issuer), store: redisStore(client) })
  let count = 0
  return {
    guard,
    use: request => guard.require(request, usedAction, { subject: user }),
    bare: () => client.set(`bare:${++count}`, '1', { NX: true, EX: 60 }),
  }
}

const find = (placeholder: string): string => `SELECT value FROM afresh_freshness WHERE key = ${placeholder}`

const postgresql: Connect = async (url, issuer) => {
  const pool = new Pool({ connectionString: url, max: 20 })
  await pool.query(sqlMigration({ dialect: 'postgresql' }))
  const store = sqlStore({
    dialect: 'postgresql',
    query: async (text, values, client?: PoolClient) => (await (client ?? pool).query(text, values)).rows,
  })
  const guard = createFreshnessGuard({ ...guardOptions(issuer), store })
  return {
    guard,
    use: request =>
      inTransaction(pool, 'READ COMMITTED', transaction =>
        guard.protect(request, usedAction, { subject: user, transaction }, () => {}),
      ),
    bare: () => pool.query(find('$1'), ['bare']),
  }
}

const sqlite: Connect = (path, issuer) => {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL')
  database.exec(sqlMigration({ dialect: 'sqlite' }))
  const prepared = new Map<string, StatementSyncInstance>()
  const all = (text: string, values: (string | number)[]): unknown[] => {
    const statement = prepared.get(text) ?? database.prepare(text)
    prepared.set(text, statement)
    return statement.all(...values)
  }
  // A connection has one transaction at a time, so everything that writes waits its turn.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => T | Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }
  const transact = <T>(work: (transaction: DatabaseSyncInstance) => Promise<T>): Promise<T> =>
    inTurn(async () => {
      database.exec('BEGIN IMMEDIATE')
      try {
        const result = await work(database)
        database.exec('COMMIT')
        return result
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    })
  const store = sqlStore({
    dialect: 'sqlite',
    query: (text, values, transaction?: DatabaseSyncInstance) =>
      transaction ? all(text, values) : inTurn(() => all(text, values)),
  })
  const guard = createFreshnessGuard({ ...guardOptions(issuer), store })
  return {
    guard,
    use: request =>
      transact(transaction => guard.protect(request, usedAction, { subject: user, transaction }, () => {})),
    bare: () => all(find('?'), ['bare']),
  }
}

/** How a process opens each store. `url` is a path for SQLite, and means nothing for memory. */
export const backends: Readonly<Record<StoreName, Connect>> = { memory, redis, postgresql, sqlite }
