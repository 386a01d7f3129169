import { isRecord } from '../../core/claims.ts'
import { ConfigurationError } from '../../core/errors.ts'
import { type Need, needFor } from '../setup/need.ts'
import { untilItPasses } from './sql-errors.ts'
import { type SqlValue, writeStatements } from './sql-statements.ts'
import { readTable, type SqlTableOptions } from './sql-table.ts'
import type { TransactionalStore } from './store.ts'
import { wholeSeconds } from './whole-seconds.ts'

/**
 * How a SQL store is set up.
 *
 * @typeParam Transaction a transaction, as your database client has it
 */
export interface SqlStoreOptions<Transaction> extends SqlTableOptions {
  /**
   * Runs one statement with your database client.
   *
   * @param text the statement. It has placeholders as the dialect writes them (`$1` or `?`), one for each value, in
   * their order
   * @param values the values of the placeholders
   * @param transaction run the statement on this transaction; if it is undefined, on its own, committed at once
   * @returns the rows, as a list of objects
   */
  readonly query: (
    text: string,
    values: SqlValue[],
    transaction: Transaction | undefined,
  ) => Promise<readonly unknown[]> | readonly unknown[]
}

/**
 * A store in a SQL database.
 *
 * @typeParam Transaction a transaction, as your database client has it
 */
export interface SqlStore<Transaction> extends TransactionalStore<Transaction> {
  /**
   * Deletes the keys that have expired. Nothing else deletes them: call it now and then, e.g. once an hour.
   *
   * @returns how many keys it has deleted
   */
  readonly deleteExpired: () => Promise<number>
  /**
   * Tests that `query` runs on the transaction that it is given. It consumes a key in a transaction that fails, and
   * expects the key to be free again. Call it when the backend starts. It leaves one row, which expires after a minute.
   *
   * @param transact runs the work in a transaction as your operations do, and rolls it back when the work rejects
   * @throws {ConfigurationError} a `ConfigurationError`, if the key stays consumed. Errors of the database reject
   * unchanged
   */
  readonly proveTransactions: (
    transact: (work: (transaction: Transaction) => Promise<void>) => Promise<unknown>,
  ) => Promise<void>
}

/**
 * Makes a store in your own PostgreSQL or SQLite, by your own database client. Several processes may share it. With it,
 * `guard.protect` can use grants up inside your transactions. Each operation writes by one statement, so it is atomic.
 * If an operation loses a race to another process (SQLSTATE 40001, 40P01), the store runs it again, except inside your
 * transactions. Times are by the database's clock.
 *
 * It is *not* checked that the table exists before the first use, nor that a transaction is open.
 *
 * @typeParam Transaction a transaction, as your database client has it
 * @param options how the store is set up
 * @throws {ConfigurationError} a `ConfigurationError`, for an unknown dialect or option, and for a table that is no
 * plain name
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
