import { isRecord } from '../../core/claims.ts'
import { ConfigurationError } from '../../core/errors.ts'
import { type Need, needFor } from '../setup/need.ts'
import { untilItPasses } from './sql-errors.ts'
import { type SqlValue, writeStatements } from './sql-statements.ts'
import { readTable, type SqlTableOptions } from './sql-table.ts'
import type { TransactionalStore } from './store.ts'
import { wholeSeconds } from './whole-seconds.ts'

/** How a SQL store is set up. */
export interface SqlStoreOptions<Transaction> extends SqlTableOptions {
  /**
   * Runs one statement with your database client, and gives its rows as objects: on the transaction if there is one, or
   * else on its own, committed at once. `text` has placeholders as the dialect writes them (`$1` or `?`), one for each
   * value, in their order.
   */
  readonly query: (
    text: string,
    values: SqlValue[],
    transaction: Transaction | undefined,
  ) => Promise<readonly unknown[]> | readonly unknown[]
}

/** A store in a SQL database. */
export interface SqlStore<Transaction> extends TransactionalStore<Transaction> {
  /** Deletes what has expired, and says how many keys. Call it now and then, e.g. once an hour: nothing else does. */
  readonly deleteExpired: () => Promise<number>
  /**
   * Proves that `query` runs on the transaction it is given: a key that is consumed in one that fails must be free
   * again. Call it when the backend starts. It leaves one row, which expires after a minute.
   *
   * @param transact runs the work in a transaction as your operations do, and rolls it back when the work rejects
   * @throws {ConfigurationError} when the key stays consumed. Errors of the database reject unchanged
   */
  readonly proveTransactions: (
    transact: (work: (transaction: Transaction) => Promise<void>) => Promise<unknown>,
  ) => Promise<void>
}

/**
 * A store in your own PostgreSQL or SQLite, by your own client. Several processes may share it, and `guard.protect`
 * uses grants up inside your transactions. Each operation writes by one statement, so it is atomic; one that loses a
 * race to another process (SQLSTATE 40001, 40P01) is run again, except inside your transactions. Times are the
 * database's. That the table is there is *not* checked before the first use, nor that a transaction is open.
 *
 * @throws {ConfigurationError} for an unknown dialect or option, and for a table that is no plain name
 * @example
 * const store = sqlStore({
 *   dialect: 'postgresql',
 *   query: async (text, values, client?: PoolClient) => (await (client ?? pool).query(text, values)).rows,
 * })
 */
export function sqlStore<Transaction>(options: SqlStoreOptions<Transaction>): SqlStore<Transaction> {
  const need: Need = needFor('sqlStore')
  const { dialect, table } = readTable(options, need, ['query'])
  const { query } = options
  need(typeof query === 'function', 'query must be a function')
  const statements = writeStatements(dialect, table)

  /** How many rows a statement gives. */
  async function count(text: string, values: SqlValue[], transaction?: Transaction): Promise<number> {
    const rows: unknown = await query(text, values, transaction)
    // A driver's result object must not be taken for rows, nor a pair of rows and something else for two rows.
    if (Array.isArray(rows) && rows.every(row => isRecord(row) && typeof row.key === 'string'))
      return rows.length
    throw new ConfigurationError(
      `sqlStore: query must give the rows, as a list of objects, not ${kindOf(rows)}`,
    )
  }

  async function advance(
    key: string,
    value: number,
    ttlSeconds: number,
    transaction?: Transaction,
  ): Promise<boolean> {
    if (!Number.isSafeInteger(value)) return false
    return (await count(statements.advance, [key, value, wholeSeconds(ttlSeconds)], transaction)) === 1
  }

  const consumeWithin = (transaction: Transaction, key: string, ttlSeconds: number): Promise<boolean> =>
    advance(key, 1, ttlSeconds, transaction)
  const consume = (key: string, ttlSeconds: number): Promise<boolean> =>
    untilItPasses(() => advance(key, 1, ttlSeconds))

  return {
    consume,
    advance: (key, value, ttlSeconds) => untilItPasses(() => advance(key, value, ttlSeconds)),
    async redeem(consumeKey, advanceKey, value, ttlSeconds) {
      if (!Number.isSafeInteger(value)) return 'older'
      const values = [consumeKey, 1, advanceKey, value, wholeSeconds(ttlSeconds)]
      if ((await untilItPasses(() => count(statements.redeem, values))) === 2) return 'ok'
      return (await untilItPasses(() => count(statements.find, [consumeKey]))) === 1 ? 'used' : 'older'
    },
    within: transaction => ({
      consume: (key, ttlSeconds) => consumeWithin(transaction, key, ttlSeconds),
    }),
    deleteExpired: () => untilItPasses(() => count(statements.deleteExpired, [])),
    async proveTransactions(transact) {
      const key = `proof:${crypto.randomUUID()}`
      let consumed = false
      const fail = async (transaction: Transaction): Promise<void> => {
        consumed = await consumeWithin(transaction, key, 60)
        throw new Error('The proof of transactions ends by a rollback')
      }
      try {
        await transact(fail)
      } catch (error) {
        if (!consumed) throw error
      }
      const free = await consume(key, 60)
      need(consumed && free, 'query must run on the transaction it is given, and transact must roll it back')
    },
  }
}

/** What `query` gave, for the error: its names where it is an object, never its values. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list of something else'
  return isRecord(value) ? `an object with ${Object.keys(value).join(', ')}` : typeof value
}
