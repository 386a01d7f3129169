import type { Database, Transaction } from './database.ts'

/** A payment that waits for approval, or has it. */
export interface Payment {
  readonly id: string
  readonly to: string
  readonly note: string
  readonly cents: number
  readonly due: string
  readonly status: 'waiting' | 'approved'
}

/** One approval, as the bank records it. */
export interface LedgerEntry {
  readonly paymentId: string
  readonly to: string
  readonly cents: number
  /** The `sub` of the person who approved. */
  readonly approvedBy: string
  /** When it was approved, in epoch seconds. `authTime` is when that person authenticated for it, in epoch seconds. */
  readonly approvedAt: number
  readonly authTime: number
  /** Whether the OP has said that the person approved this on its own page. */
  readonly shownAtProvider: boolean
}

/** The bank's data. What it writes, it writes in a transaction of the caller's. */
export interface Bank {
  payments(): Promise<readonly Payment[]>
  find(id: string): Promise<Payment | undefined>
  /** Pays once. False when the payment is approved already, or is not the one that the person saw. */
  approve(
    transaction: Transaction,
    seen: Pick<Payment, 'id' | 'to' | 'cents'>,
    by: Pick<LedgerEntry, 'approvedBy' | 'authTime' | 'shownAtProvider'>,
  ): Promise<boolean>
  ledger(): Promise<readonly LedgerEntry[]>
  emailOf(sub: string): Promise<string>
  changeEmail(transaction: Transaction, sub: string, email: string): Promise<void>
}

/** The bank's tables, with the payments of one company. */
export const bankSchema = `
CREATE TABLE payments (
  id TEXT PRIMARY KEY,
  payee TEXT NOT NULL,
  note TEXT NOT NULL,
  cents INTEGER NOT NULL,
  due TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'waiting'
);
CREATE TABLE ledger (
  payment_id TEXT PRIMARY KEY,
  payee TEXT NOT NULL,
  cents INTEGER NOT NULL,
  approved_by TEXT NOT NULL,
  approved_at INTEGER NOT NULL,
  auth_time INTEGER NOT NULL,
  shown_at_provider INTEGER NOT NULL
);
CREATE TABLE emails (person TEXT PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO payments (id, payee, note, cents, due) VALUES
  ('northwind', 'Northwind Paper', 'Invoice 2041, letter paper', 25000, '2026-12-04'),
  ('harbour', 'Harbour Insurance', 'Premium, fourth quarter', 184000, '2026-12-10'),
  ('linden', 'Linden Street Print', 'Invoice 88, annual report', 112075, '2026-12-15'),
  ('aldgate', 'Aldgate Coffee', 'Beans, November', 3650, '2026-12-01');
`

const payments = 'SELECT id, payee AS "to", note, cents, due, status FROM payments'
const ledger = `SELECT payment_id AS "paymentId", payee AS "to", cents, approved_by AS "approvedBy",
  approved_at AS "approvedAt", auth_time AS "authTime", shown_at_provider AS "shownAtProvider"
  FROM ledger ORDER BY rowid`

/** Makes a bank on a database with its tables. Every person who can sign in may see and approve the payments. */
export function createBank({ query }: Pick<Database, 'query'>): Bank {
  return {
    payments: () => query<Payment>(`${payments} ORDER BY rowid`),
    async find(id) {
      return (await query<Payment>(`${payments} WHERE id = ?`, [id]))[0]
    },
    async approve({ query }, { id, to, cents }, { approvedBy, authTime, shownAtProvider }) {
      const paid = await query(
        `UPDATE payments SET status = 'approved'
        WHERE id = ? AND payee = ? AND cents = ? AND status = 'waiting' RETURNING id`,
        [id, to, cents],
      )
      if (paid.length === 0) return false
      await query('INSERT INTO ledger VALUES (?, ?, ?, ?, unixepoch(), ?, ?)', [
        ...[id, to, cents, approvedBy, authTime, Number(shownAtProvider)],
      ])
      return true
    },
    async ledger() {
      const entries = await query<LedgerEntry>(ledger)
      // SQLite has no true and false.
      return entries.map(entry => ({ ...entry, shownAtProvider: Boolean(entry.shownAtProvider) }))
    },
    async emailOf(sub) {
      const [kept] = await query<{ email: string }>('SELECT email FROM emails WHERE person = ?', [sub])
      return kept?.email ?? `${sub.split('|').at(-1)}@pennyworth.example`
    },
    async changeEmail({ query }, sub, email) {
      await query('INSERT OR REPLACE INTO emails VALUES (?, ?)', [sub, email])
    },
  }
}
