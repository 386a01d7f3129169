import { ConfigurationError } from '../../core/errors.ts'
import { knownOptions } from '../setup/known-options.ts'
import { isOptionalFunction, type Need, needFor } from '../setup/need.ts'
import { type SqlDialect, type SqlValue, writeMigration, writeStatements } from './sql-statements.ts'
import type { TransactionalStore } from './store.ts'

/** The table, and the SQL that the database speaks. */
export interface SqlTableOptions {
  readonly dialect: SqlDialect
  /** The table's name, with its schema where it needs one. Default: `afresh_freshness`. */
  readonly table?: string
}

/** How a SQL store is set up. */
export interface SqlStoreOptions<Transaction> extends SqlTableOptions {
  /**
   * Runs one statement with your database client, and gives its rows: on the transaction if there is one, or else on
   * its own, committed at once. `text` has placeholders as the dialect writes them (`$1` or `?`), one for each value.
   */
  readonly query: (
    text: string,
    values: SqlValue[],
    transaction: Transaction | undefined,
  ) => Promise<readonly unknown[]> | readonly unknown[]
}

/** A store in a SQL database. */
export interface SqlStore<Transaction> extends TransactionalStore<Transaction> {
  /** Deletes what has expired. Call it now and then, e.g. once an hour: nothing else does. */
  readonly deleteExpired: () => Promise<void>
}

/**
 * The SQL that makes the store's table, for your migrations. It changes nothing where the table is there already.
 *
 * @throws {ConfigurationError} for an unknown dialect or option, and for a table that is no plain name
 */
export function sqlMigration(options: SqlTableOptions): string {
  const need: Need = needFor('sqlMigration')
  knownOptions(need, options, ['dialect', 'table'])
  const { dialect, table } = readTable(options, need)
  return writeMigration(dialect, table)
}

/**
 * A store in your own PostgreSQL or SQLite, by your own client. Several processes may share it, and `guard.protect`
 * uses grants up inside your transactions. Each operation writes by one statement, so it is atomic. Times are the
 * database's. That the table is there is *not* checked before the first use.
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
  knownOptions(need, options, ['dialect', 'table', 'query'])
  const { dialect, table } = readTable(options, need)
  const { query } = options
  need(query !== undefined && isOptionalFunction(query), 'query must be a function')
  const statements = writeStatements(dialect, table)

  /** How many rows a statement gave. */
  async function count(text: string, values: SqlValue[], transaction?: Transaction): Promise<number> {
    const rows: unknown = await query(text, values, transaction)
    if (!Array.isArray(rows)) throw new ConfigurationError('sqlStore: query must give the list of rows')
    return rows.length
  }

  async function advance(
    key: string,
    value: number,
    ttlSeconds: number,
    transaction?: Transaction,
  ): Promise<boolean> {
    if (!Number.isSafeInteger(value)) return false
    return (await count(statements.advance, [key, value, whole(ttlSeconds)], transaction)) === 1
  }

  async function redeem(
    consumeKey: string,
    advanceKey: string,
    value: number,
    ttlSeconds: number,
  ): Promise<'ok' | 'used' | 'older'> {
    const values = [consumeKey, 1, advanceKey, value, whole(ttlSeconds)]
    if ((await count(statements.redeem, values)) === 2) return 'ok'
    return (await count(statements.find, [consumeKey])) === 1 ? 'used' : 'older'
  }

  return {
    consume: (key, ttlSeconds) => advance(key, 1, ttlSeconds),
    advance: (key, value, ttlSeconds) => advance(key, value, ttlSeconds),
    async redeem(...entry) {
      if (!Number.isSafeInteger(entry[2])) return 'older'
      // The statement fails where another proof of the same person came between. It has written nothing then, and sees
      // what the other one wrote when it is asked again. A database that is down fails twice.
      return redeem(...entry).catch(() => redeem(...entry))
    },
    within: transaction => ({
      consume: (key, ttlSeconds) => advance(key, 1, ttlSeconds, transaction),
    }),
    async deleteExpired() {
      await query(statements.deleteExpired, [], undefined)
    },
  }
}

function readTable(
  { dialect, table = 'afresh_freshness' }: SqlTableOptions,
  need: Need,
): { readonly dialect: SqlDialect; readonly table: string } {
  need(['postgresql', 'sqlite'].includes(dialect), 'dialect must be "postgresql" or "sqlite"')
  // It becomes part of the SQL.
  need(
    /^(?:[a-z_]\w{0,62}\.)?[a-z_]\w{0,62}$/i.test(table),
    'table must be a plain name, e.g. "afresh_freshness"',
  )
  return { dialect, table }
}

/** The database counts in whole seconds, from 1; a key may live longer than asked, never shorter. */
function whole(seconds: number): number {
  return Math.max(1, Math.ceil(seconds))
}
