// `node:sqlite`, for Node 20 as well.
import { DatabaseSync, type DatabaseSyncInstance as Transaction } from '@photostructure/sqlite'
import type { Logout, StepUpRecord } from 'afresh/server'
import { sqlMigration, sqlStore } from 'afresh/server/sql'

export interface Payment {
  readonly id: string
  readonly cents: number
  readonly to: string
}

const database = new DatabaseSync(process.env.DATABASE ?? ':memory:')
database.exec(sqlMigration({ dialect: 'sqlite' }))
database.exec(`
  CREATE TABLE IF NOT EXISTS ended_sessions (whose TEXT PRIMARY KEY, at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS payments (id TEXT PRIMARY KEY, cents INTEGER, recipient TEXT, approved_by TEXT);
  INSERT OR IGNORE INTO payments (id, cents, recipient)
    VALUES ('p1', 25000, 'ACME'), ('p2', 990, 'Initech'), ('p3', 129900, 'Globex'), ('p4', 4750, 'Hooli')`)

// One connection has one transaction at a time, so the next one waits for its turn.
let turn: Promise<unknown> = Promise.resolve()
function inTurn<T>(work: () => T | Promise<T>): Promise<T> {
  const result = turn.then(work)
  turn = result.catch(() => {})
  return result
}

/** Runs the work in a transaction, which is rolled back if the work throws. */
export function transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return inTurn(async () => {
    database.exec('BEGIN IMMEDIATE')
    try {
      const result = await work(database)
      database.exec('COMMIT')
      return result
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  })
}

/** Remembers what was used, in a table of the same database. */
export const store = sqlStore<Transaction>({
  dialect: 'sqlite',
  query: (text, values, open) =>
    open ? open.prepare(text).all(...values) : inTurn(() => database.prepare(text).all(...values)),
})

/** All payments, with the person who has approved each, if one has. */
export function listPayments(): Promise<unknown[]> {
  const text = 'SELECT id, cents, recipient AS "to", approved_by AS approvedBy FROM payments ORDER BY id'
  return inTurn(() => database.prepare(text).all())
}

/** Approves a payment once, if it is the one that the person has seen. */
export function approve(open: Transaction, { id, cents, to }: Payment, record: StepUpRecord): boolean {
  const approved = open.prepare(
    'UPDATE payments SET approved_by = ? WHERE id = ? AND cents = ? AND recipient = ? AND approved_by IS NULL',
  )
  return approved.run(record.subject, id, cents, to).changes === 1
}

/** Ends the session that the OP names. Where it names none, it ends all that the person has had until then. */
export function endSessions({ sub, sid, iat }: Logout): Promise<unknown> {
  const text = `INSERT INTO ended_sessions VALUES (?, ?) ON CONFLICT (whose) DO UPDATE SET at = max(at, excluded.at)`
  return inTurn(() => database.prepare(text).run(sid === undefined ? `sub ${sub}` : `sid ${sid}`, iat))
}

/** Whether the session of an access token has ended. The rows can go when no access token is as old as they are. */
export async function hasEnded({ sub, sid, iat }: Readonly<Record<string, unknown>>): Promise<boolean> {
  const text = 'SELECT 1 FROM ended_sessions WHERE whose = ? OR (whose = ? AND at >= ?)'
  const rows = await inTurn(() => database.prepare(text).all(`sid ${sid}`, `sub ${sub}`, Number(iat ?? 0)))
  return rows.length > 0
}
