import { DatabaseSync } from '@photostructure/sqlite'
import { type SqlStoreOptions, type SqlTableOptions, sqlMigration, sqlStore } from 'afresh/server/sql'
import { describe, expect, it } from 'vitest'
import { checkedStore } from '../../../src/server/stores/checked.ts'
import { openSqlite } from './adapters/sqlite.ts'

const misconfigured = expect.objectContaining({ code: 'configuration_invalid' })

function newDatabase(): InstanceType<typeof DatabaseSync> {
  const db = new DatabaseSync(':memory:')
  db.exec(sqlMigration({ dialect: 'sqlite' }))
  return db
}

describe('options that cannot work are refused at once', () => {
  it.each<[string, unknown]>([
    ['no options', undefined],
    ['no dialect', {}],
    ['another dialect', { dialect: 'mysql' }],
    ['an option that there is not', { dialect: 'sqlite', tabel: 'a' }],
    ['a table with SQL in its name', { dialect: 'sqlite', table: 'a; DROP TABLE b' }],
    ['a table in quotes', { dialect: 'sqlite', table: '"a"' }],
    ['a table with two dots', { dialect: 'sqlite', table: 'a.b.c' }],
    ['a table whose name PostgreSQL would cut', { dialect: 'sqlite', table: 'a'.repeat(64) }],
    ['a table that is null', { dialect: 'sqlite', table: null }],
    ['an empty table', { dialect: 'sqlite', table: '' }],
  ])('%s', (_, options) => {
    expect(() => sqlMigration(options as SqlTableOptions)).toThrow(misconfigured)
    const store = { ...(options as SqlTableOptions), query: () => [] }
    expect(() => sqlStore(store)).toThrow(misconfigured)
  })

  it.each<[string, unknown]>([
    ['missing', undefined],
    ['SQL', 'SELECT 1'],
    ['null', null],
  ])('a query that is %s', (_, query) => {
    const options = { dialect: 'sqlite', query } as SqlStoreOptions<unknown>
    expect(() => sqlStore(options)).toThrow(misconfigured)
  })
})

it.each(['tenant', 'main.tenant'])('keeps to its own table, %s', async table => {
  const db = newDatabase()
  const options = { dialect: 'sqlite', table } as const
  db.exec(sqlMigration(options))
  const store = sqlStore({ ...options, query: (text, values) => db.prepare(text).all(...values) })
  expect(await store.consume('grant:a', 60)).toBe(true)
  expect(await openSqlite(db).store.consume('grant:a', 60)).toBe(true)
})

describe('a query that gives something else than rows', () => {
  const row = { key: 'grant:a' }
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['the result object of pg', { command: 'INSERT', rowCount: 1, rows: [row] }],
    ['the result object of a driver for writing', { changes: 1, lastInsertRowid: 1 }],
    ['a number', 1],
    ['text', 'INSERT 0 1'],
    ['true', true],
    ['rows in text', JSON.stringify([row])],
    ['rows that are text', ['grant:a']],
    ['rows that are lists', [['grant:a']]],
    ['rows without their key', [{}]],
    ['rows and their columns', [[row], [{ name: 'key' }]]],
    ['a row and nothing', [row, undefined]],
  ])('such as %s is refused by an error of the set-up', async (_, answer) => {
    const store = sqlStore({ dialect: 'sqlite', query: () => answer as [] })
    await expect(store.consume('grant:a', 60)).rejects.toThrow(misconfigured)
    await expect(store.advance('login:a', 1, 60)).rejects.toThrow(misconfigured)
    await expect(store.redeem('challenge:a', 'login:a', 1, 60)).rejects.toThrow(misconfigured)
    await expect(store.within(0).consume('grant:a', 60)).rejects.toThrow(misconfigured)
    await expect(checkedStore(store, 2).tried()).rejects.toMatchObject({
      code: 'temporarily_unavailable',
      cause: { code: 'configuration_invalid' },
    })
  })

  it.each<[string, unknown[]]>([
    ['no row', []],
    ['a row each time', [row]],
    ['two rows each time', [row, row]],
  ])('such as %s does not pass the trial', async (_, answer) => {
    const store = checkedStore(sqlStore({ dialect: 'sqlite', query: () => answer }), 2)
    await expect(store.tried()).rejects.toMatchObject({ cause: { code: 'configuration_invalid' } })
  })

  it('may be a promise, and may throw at once', async () => {
    const db = newDatabase()
    const late = sqlStore({
      dialect: 'sqlite',
      query: async (text, values) => db.prepare(text).all(...values),
    })
    expect(await late.consume('grant:a', 60)).toBe(true)
    const broken = sqlStore({
      dialect: 'sqlite',
      query() {
        throw new Error('down')
      },
    })
    await expect(broken.consume('grant:a', 60)).rejects.toThrow('down')
  })
})

describe('a statement that another one came before', () => {
  const circular = new Error('down')
  circular.cause = circular
  const failing = (error: unknown, times: number) => {
    const db = newDatabase()
    let runs = 0
    const store = sqlStore({
      dialect: 'sqlite',
      query(text, values) {
        if (++runs <= times) throw error
        return db.prepare(text).all(...values)
      },
    })
    return { store, runs: () => runs }
  }

  it.each<[string, unknown]>([
    ['40001', { code: '40001' }],
    ['40P01', { code: '40P01' }],
    ['23502', { code: '23502' }],
    ['40001, as Drizzle wraps it', new Error('Failed query', { cause: { code: '40001' } })],
  ])('is run again after %s', async (_, error) => {
    const { store, runs } = failing(error, 4)
    expect(await store.redeem('challenge:a', 'login:a', 1, 60)).toBe('ok')
    expect(runs()).toBe(5)
  })

  it.each<[string, unknown, number]>([
    ['an outage', { code: '57P01' }, 1],
    ['a full disk', { code: '53100' }, 1],
    ['a table that is not there', { code: '42P01' }, 1],
    ['text', 'down', 1],
    ['an error that is its own cause', circular, 1],
    ['the same race five times', { code: '40001' }, 5],
  ])('rejects unchanged after %s', async (_, error, expected) => {
    const { store, runs } = failing(error, 100)
    await expect(store.consume('grant:a', 60)).rejects.toBe(error)
    expect(runs()).toBe(expected)
  })

  it('is not run again inside a transaction, which only the caller can begin anew', async () => {
    const error = { code: '40001' }
    const { store, runs } = failing(error, 100)
    await expect(store.within({}).consume('grant:a', 60)).rejects.toBe(error)
    expect(runs()).toBe(1)
  })
})

describe('the proof of transactions', () => {
  it('holds where query runs on the transaction', async () => {
    const { store, transact } = openSqlite(newDatabase())
    await store.proveTransactions(transact)
    await store.proveTransactions(transact)
  })

  it('fails where query runs on another connection', async () => {
    const { transact } = openSqlite(newDatabase())
    const other = newDatabase()
    const store = sqlStore({ dialect: 'sqlite', query: (text, values) => other.prepare(text).all(...values) })
    await expect(store.proveTransactions(transact)).rejects.toThrow(misconfigured)
  })

  it('fails where nothing is rolled back', async () => {
    const db = newDatabase()
    const { store } = openSqlite(db)
    await expect(store.proveTransactions(work => work(db))).rejects.toThrow(misconfigured)
  })

  it('fails where the work is not run', async () => {
    const { store } = openSqlite(newDatabase())
    await expect(store.proveTransactions(async () => {})).rejects.toThrow(misconfigured)
  })

  it('rejects with the error of the database', async () => {
    const down = new Error('down')
    const { store } = openSqlite(newDatabase())
    await expect(store.proveTransactions(() => Promise.reject(down))).rejects.toBe(down)
  })
})
