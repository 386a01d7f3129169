import type { SqlDialect, SqlStore } from 'afresh/server/sql'
import { expect, it } from 'vitest'
import { keepsTheContract, type StoreUnderTest } from './contract.ts'

/** A store, and a way past it to its database. */
export interface SqlUnderTest {
  readonly store: Pick<SqlStore<never>, 'consume' | 'advance' | 'redeem' | 'deleteExpired'>
  readonly dialect: SqlDialect
  /** Runs a statement of the test's own. */
  readonly run: (text: string, values: (string | number)[]) => Promise<unknown[]> | unknown[]
}

const clockOf = (dialect: SqlDialect): string =>
  dialect === 'postgresql' ? 'floor(extract(epoch FROM clock_timestamp()))::bigint' : 'unixepoch()'

const whereKey = (dialect: SqlDialect): string => `WHERE key = ${dialect === 'postgresql' ? '$1' : '?'}`

/** The contract of every store, and what only one in a table can be asked. */
export function keepsTheContractInSql(open: () => SqlUnderTest): void {
  keepsTheContract(() => withLook(open()))

  it('keeps a key to the end of its last second, and then lets it be consumed and cleared', async () => {
    const { store } = open()
    const left = async (key: string, seconds: number): Promise<void> => {
      const { run, dialect } = open()
      const text = `UPDATE afresh_freshness SET expires_at = ${clockOf(dialect)} + (${seconds}) ${whereKey(dialect)}`
      await run(text, [key])
    }
    const kept = (key: string) => withLook(open()).kept?.(key)
    for (const key of ['kind:last', 'kind:over']) await store.consume(key, 60)
    await left('kind:over', -1)
    // All of it within one second of the database's clock, or once more.
    let consumed: boolean
    let deleted = 0
    let second: unknown
    do {
      second = await secondOf(open())
      await left('kind:last', 0)
      deleted += await store.deleteExpired()
      consumed = await store.consume('kind:last', 60)
    } while ((await secondOf(open())) !== second)
    expect(consumed).toBe(false)
    expect(await kept('kind:over')).toBeUndefined()
    expect(deleted).toBeGreaterThanOrEqual(1)
    await left('kind:last', -1)
    expect(await store.consume('kind:last', 60)).toBe(true)
  })
}

/** The present second of the database's clock, as its client gives numbers. */
async function secondOf({ dialect, run }: SqlUnderTest): Promise<unknown> {
  const [row] = (await run(`SELECT ${clockOf(dialect)} AS second`, [])) as { second: unknown }[]
  return row?.second
}

function withLook({ store, dialect, run }: SqlUnderTest): StoreUnderTest {
  const now = clockOf(dialect)
  return {
    store,
    async kept(key) {
      const text = `SELECT value, expires_at - ${now} AS seconds FROM afresh_freshness ${whereKey(dialect)}`
      const [row] = (await run(text, [key])) as { value: unknown; seconds: unknown }[]
      return row && { value: Number(row.value), seconds: Number(row.seconds) }
    },
    async expire(key) {
      await run(`UPDATE afresh_freshness SET expires_at = ${now} - 1 ${whereKey(dialect)}`, [key])
    },
  }
}
