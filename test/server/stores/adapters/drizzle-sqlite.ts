// drizzle-sqlite.ts
import { type SqlStore, type SqlValue, sqlStore } from 'afresh/server/sql'
import { type SQL, sql } from 'drizzle-orm'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'

type Executor = Pick<BaseSQLiteDatabase<'sync' | 'async', unknown>, 'all'>

export function drizzleStore(db: Executor): SqlStore<Executor> {
  return sqlStore({
    dialect: 'sqlite',
    query: (text, values, transaction) => (transaction ?? db).all(toDrizzle(text, values)),
  })
}

/** Drizzle writes the placeholders itself. */
function toDrizzle(text: string, values: SqlValue[]): SQL {
  const [start = '', ...parts] = text.split('?')
  return sql.join([sql.raw(start), ...parts.map((part, i) => sql`${values[i]}${sql.raw(part)}`)])
}
