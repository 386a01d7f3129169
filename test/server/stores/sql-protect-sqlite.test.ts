import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { sqlMigration, sqlStore } from 'afresh/server/sql'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock } from '../../support/shop.ts'
import { openSqlite, type SqliteDatabase } from './adapters/sqlite.ts'
import { guardEmail, outcomeOf, Rollback } from './guarded-email.ts'

const clock = new ManualClock()
let op: ScriptedOp
let directory: string
let file: string
let connections: InstanceType<typeof DatabaseSync>[]

/** Opens the file once more. @param timeout for how many milliseconds to wait for another connection's lock */
function connect(timeout = 0): InstanceType<typeof DatabaseSync> {
  const db = new DatabaseSync(file, { timeout })
  connections.push(db)
  return db
}

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afresh-sqlite-'))
  file = join(directory, 'app.db')
  connections = []
  const db = connect()
  db.exec('PRAGMA journal_mode = WAL')
  db.exec(sqlMigration({ dialect: 'sqlite' }))
  db.exec('CREATE TABLE changes (call INTEGER NOT NULL)')
})
afterEach(async () => {
  for (const db of connections) db.close()
  await rm(directory, { recursive: true, force: true })
})

const changes = (): unknown[] =>
  (connections[0]?.prepare('SELECT call FROM changes ORDER BY call').all() ?? []).map(row => Object(row).call)

/** SQLITE_BUSY, and SQLITE_BUSY_SNAPSHOT. */
const locked = { code: 'ERR_SQLITE_ERROR', message: 'database is locked' }

/** What takes a while, so that others come between. */
const pause = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('protect in SQLite, where a process takes turns on one connection', () => {
  it('commits each of 20 operations once, whatever is rolled back', async () => {
    const { store, transact } = openSqlite(connect())
    const { guard, newCall, change } = guardEmail(op, clock, store)
    await guard.ready()
    const calls: Request[] = []
    for (let number = 0; number < 20; number++) calls.push(await newCall())
    const attempt = (number: number, fails: boolean) =>
      transact(db =>
        change(calls[number] as Request, db, async () => {
          db.prepare('INSERT INTO changes VALUES (?)').all(number)
          await pause()
          if (fails) throw new Rollback()
          return 'done'
        }),
      )
    const attempts = Array.from({ length: 180 }, (_, i) => outcomeOf(attempt(i % 20, i % 3 === 0)))
    const outcomes = await Promise.all(attempts)
    expect(outcomes.filter(outcome => outcome === 'done')).toHaveLength(20)
    expect(new Set(outcomes)).toEqual(new Set(['done', 'rolled back', 'already_used']))
    expect(changes()).toEqual(calls.map((_, number) => number))
  })

  it('keeps what the store writes by itself when a transaction that waits is rolled back', async () => {
    const { store, transact } = openSqlite(connect())
    let other: Promise<boolean> | undefined
    const attempt = transact(async db => {
      other = store.consume('grant:other', 60)
      await store.within(db).consume('grant:a', 60)
      await pause()
      throw new Rollback()
    })
    await expect(attempt).rejects.toThrow(Rollback)
    expect(await other).toBe(true)
    expect(await store.consume('grant:other', 60)).toBe(false)
    expect(await store.consume('grant:a', 60)).toBe(true)
  })

  it('proves its transactions, and goes on after one that fails', async () => {
    const { store, transact } = openSqlite(connect())
    await store.proveTransactions(transact)
    await expect(transact(async db => db.exec('nonsense'))).rejects.toThrow()
    expect(await transact(db => store.within(db).consume('grant:a', 60))).toBe(true)
  })

  it('cannot try the store within a transaction, and says that ready can', async () => {
    const { store, transact } = openSqlite(connect())
    const { guard, newCall, change, errors } = guardEmail(op, clock, store, 0.05)
    const call = await newCall()
    const attempt = () => transact(db => change(call, db, () => 'done'))
    await expect(attempt()).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('guard.ready()') })])
    await guard.ready()
    expect(await attempt()).toBe('done')
  })
})

describe('protect in SQLite, where each transaction has a connection', () => {
  const open = () => {
    const db = connect()
    return sqlStore<SqliteDatabase>({
      dialect: 'sqlite',
      query: (text, values, transaction) => (transaction ?? db).prepare(text).all(...values),
    })
  }

  it('gives SQLITE_BUSY unchanged to the second one that writes, which leaves the grant spendable', async () => {
    const { guard, newCall, change } = guardEmail(op, clock, open())
    await guard.ready()
    const calls = [await newCall(), await newCall()] as const
    const [first, second] = [connect(), connect()]
    for (const db of [first, second]) db.exec('BEGIN')
    await change(calls[0], first, () => 'done')
    await expect(change(calls[1], second, () => 'done')).rejects.toMatchObject(locked)
    second.exec('ROLLBACK')
    first.exec('COMMIT')
    second.exec('BEGIN IMMEDIATE')
    expect(await change(calls[1], second, () => 'done')).toBe('done')
    second.exec('COMMIT')
  })

  it('gives SQLITE_BUSY_SNAPSHOT unchanged to one that read before another one wrote', async () => {
    const { guard, newCall, change } = guardEmail(op, clock, open())
    await guard.ready()
    const call = await newCall()
    const [late, early] = [connect(), connect()]
    late.exec('BEGIN')
    late.prepare('SELECT count(*) FROM changes').all()
    early.exec('BEGIN IMMEDIATE')
    await change(call, early, () => 'done')
    early.exec('COMMIT')
    await expect(change(call, late, () => 'done')).rejects.toMatchObject(locked)
    late.exec('ROLLBACK')
    late.exec('BEGIN IMMEDIATE')
    await expect(change(call, late, () => 'done')).rejects.toMatchObject({ reason: 'already_used' })
    late.exec('ROLLBACK')
  })

  it('answers 503 to what the store would write by itself meanwhile', async () => {
    const { guard, newCall, errors } = guardEmail(op, clock, open())
    await guard.ready()
    const call = await newCall()
    const busy = connect()
    busy.exec('BEGIN IMMEDIATE')
    const use = () => guard.require(call, 'email.change', { subject: 'josh' })
    await expect(use()).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    expect(errors).toEqual([expect.objectContaining(locked)])
    busy.exec('ROLLBACK')
    await use()
  })

  it('cannot try the store while a transaction holds the lock', async () => {
    const { guard, newCall, change } = guardEmail(op, clock, open())
    const call = await newCall()
    const db = connect()
    db.exec('BEGIN IMMEDIATE')
    const attempt = () => change(call, db, () => 'done')
    await expect(attempt()).rejects.toMatchObject({ code: 'temporarily_unavailable', cause: locked })
    db.exec('ROLLBACK')
    await guard.ready()
    db.exec('BEGIN IMMEDIATE')
    expect(await attempt()).toBe('done')
    db.exec('COMMIT')
  })
})
