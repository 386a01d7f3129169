export type { SqlStore, SqlStoreOptions, SqlTableOptions } from './stores/sql.ts'
export { sqlMigration, sqlStore } from './stores/sql.ts'
export type { SqlDialect, SqlValue } from './stores/sql-statements.ts'
