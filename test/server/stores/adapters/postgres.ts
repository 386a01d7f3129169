// postgres.ts
import { type SqlStore, sqlStore } from 'afresh/server/sql'
import type { Sql, TransactionSql } from 'postgres'

export function postgresStore(sql: Sql): SqlStore<TransactionSql> {
  return sqlStore({
    dialect: 'postgresql',
    query: (text, values, transaction) => (transaction ?? sql).unsafe(text, values),
  })
}
