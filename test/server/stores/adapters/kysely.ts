// kysely.ts
import { type SqlDialect, type SqlStore, sqlStore } from 'afresh/server/sql'
import { CompiledQuery, type Kysely, type Transaction } from 'kysely'

export function kyselyStore<Tables>(db: Kysely<Tables>, dialect: SqlDialect): SqlStore<Transaction<Tables>> {
  return sqlStore({
    dialect,
    query: async (text, values, transaction) =>
      (await (transaction ?? db).executeQuery(CompiledQuery.raw(text, values))).rows,
  })
}
