import { isRecord } from '../../core/claims.ts'
import { knownOptions } from '../setup/known-options.ts'
import { type Need, needFor } from '../setup/need.ts'
import { type SqlDialect, writeMigration } from './sql-statements.ts'

/** Which SQL the database speaks, and which table the store has. */
export interface SqlTableOptions {
  /** The SQL that the database speaks. It is *not* checked against the database. */
  readonly dialect: SqlDialect
  /**
   * The table's name, with its schema if it needs one. Letters, digits and `_` only, at most 63 each. Default:
   * `afresh_freshness`.
   */
  readonly table?: string
}

/**
 * Writes the SQL that makes the store's table, for your migrations. The SQL changes nothing if the table exists
 * already.
 *
 * @param options the dialect, and the table's name
 * @throws {ConfigurationError} a `ConfigurationError`, for an unknown dialect or option, and for a table that is no
 * plain name
 */
export function sqlMigration(options: SqlTableOptions): string {
  const { dialect, table } = readTable(options, needFor('sqlMigration'))
  return writeMigration(dialect, table)
}

/**
 * Fills in the default.
 *
 * @param others the names of the options that are not of the table
 * @throws {ConfigurationError} for an unknown dialect or option, and for a table that is no plain name
 */
export function readTable(
  options: SqlTableOptions,
  need: Need,
  others: readonly string[] = [],
): { readonly dialect: SqlDialect; readonly table: string } {
  need(isRecord(options), 'the options must be an object')
  knownOptions(need, options, ['dialect', 'table', ...others])
  const { dialect, table = 'afresh_freshness' } = options
  need(['postgresql', 'sqlite'].includes(dialect), 'dialect must be "postgresql" or "sqlite"')
  // It becomes part of the SQL. PostgreSQL cuts a longer name.
  const isPlain = typeof table === 'string' && /^(?:[a-z_]\w{0,62}\.)?[a-z_]\w{0,62}$/i.test(table)
  need(isPlain, 'table must be a plain name, e.g. "afresh_freshness"')
  return { dialect, table }
}
