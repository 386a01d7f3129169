/**
 * The two kinds of SQL that the store writes. Other databases may do as well if they take `ON CONFLICT … RETURNING`.
 */
export type SqlDialect = 'postgresql' | 'sqlite'

/** The value of a placeholder in a statement. */
export type SqlValue = string | number

/** The statements of a store. Each placeholder stands once, in the order of the values. Each row has the column `key`. */
export interface SqlStatements {
  /** Values: key, value, seconds. Gives a row if the value was stored. */
  readonly advance: string
  /** Values: first key, its value, second key, its value, seconds. Gives a row for each key, or none. */
  readonly redeem: string
  /** Values: key. Gives a row if the key is there and has not expired. */
  readonly find: string
  /** No values. Gives a row for each key that has expired: some drivers want rows of every statement. */
  readonly deleteExpired: string
}

/** The database's own clock, in whole epoch seconds: it is the same for all processes. */
const clocks: Readonly<Record<SqlDialect, string>> = {
  // Not `now()`, which stands still within a transaction.
  postgresql: 'floor(extract(epoch FROM clock_timestamp()))::bigint',
  sqlite: 'unixepoch()',
}

const types: Readonly<Record<SqlDialect, { readonly text: string; readonly whole: string }>> = {
  postgresql: { text: 'text', whole: 'bigint' },
  sqlite: { text: 'TEXT', whole: 'INTEGER' },
}

/**
 * Writes the text that makes the table. It changes nothing where the table is there already. `expires_at` has no index:
 * only the query that clears the table looks for it, and each write would pay for the index.
 */
export function writeMigration(dialect: SqlDialect, table: string): string {
  const { text, whole } = types[dialect]
  return `CREATE TABLE IF NOT EXISTS ${table} (
  key ${text} PRIMARY KEY,
  value ${whole} NOT NULL,
  expires_at ${whole} NOT NULL
);
`
}

/** Writes the statements for a table. A key that is consumed has the value 1, so that consuming is advancing to 1. */
export function writeStatements(dialect: SqlDialect, table: string): SqlStatements {
  const now = clocks[dialect]
  const { text, whole } = types[dialect]
  let count = 0
  // Drivers send numbers as text or as floating point; the database then reads them as what they are.
  const next = (type: string): string => `CAST(${dialect === 'postgresql' ? `$${++count}` : '?'} AS ${type})`
  const statement = (write: () => string): string => {
    count = 0
    return write()
  }
  // A key is live to the end of its last second, because it was stored somewhere in the midst of its first.
  const isOpen = `old.expires_at < ${now} OR old.value < excluded.value`
  return {
    advance: statement(
      () => `INSERT INTO ${table} AS old (key, value, expires_at)
VALUES (${next(text)}, ${next(whole)}, ${now} + ${next(whole)})
ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
WHERE ${isOpen}
RETURNING key`,
    ),
    // Another process may write one of the rows after this statement has looked. The value then becomes NULL, which the
    // column refuses, so that the statement fails as a whole and leaves no half of a proof behind.
    redeem: statement(
      () => `WITH given (key, value) AS (VALUES (${next(text)}, ${next(whole)}), (${next(text)}, ${next(whole)}))
INSERT INTO ${table} AS old (key, value, expires_at)
SELECT key, value, ${now} + ${next(whole)} FROM given
WHERE NOT EXISTS (
  SELECT 1 FROM given JOIN ${table} AS kept ON kept.key = given.key
  WHERE kept.expires_at >= ${now} AND kept.value >= given.value
)
ON CONFLICT (key) DO UPDATE
SET value = CASE WHEN ${isOpen} THEN excluded.value END, expires_at = excluded.expires_at
RETURNING key`,
    ),
    find: statement(() => `SELECT key FROM ${table} WHERE key = ${next(text)} AND expires_at >= ${now}`),
    deleteExpired: `DELETE FROM ${table} WHERE expires_at < ${now} RETURNING key`,
  }
}
