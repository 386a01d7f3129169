// drizzle-postgresql.ts
import { type SqlStore, type SqlValue, sqlStore } from 'afresh/server/sql'
import { type SQL, sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'

type Executor = Pick<NodePgDatabase, 'execute'>
/** Only a transaction can `rollback`, so that the types refuse the database itself. */
type Transaction = Executor & { rollback(): never }

export function drizzleStore(db: Executor): SqlStore<Transaction> {
  return sqlStore({
    dialect: 'postgresql',
    query: async (text, values, transaction) =>
      (await (transaction ?? db).execute(toDrizzle(text, values))).rows,
  })
}

/** Drizzle numbers the placeholders itself. */
function toDrizzle(text: string, values: SqlValue[]): SQL {
  const [start = '', ...parts] = text.split(/\$\d+/)
  return sql.join([sql.raw(start), ...parts.map((part, i) => sql`${values[i]}${sql.raw(part)}`)])
}
