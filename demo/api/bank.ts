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
}

/** The bank's data. */
export interface Bank {
  payments(): readonly Payment[]
  find(id: string): Payment | undefined
  /** Pays once. False when the payment is approved already, or is not the one that the person saw. */
  approve(
    seen: Pick<Payment, 'id' | 'to' | 'cents'>,
    by: Pick<LedgerEntry, 'approvedBy' | 'authTime'>,
  ): boolean
  ledger(): readonly LedgerEntry[]
  emailOf(sub: string): string
  changeEmail(sub: string, email: string): void
}

const invoices: readonly Payment[] = [
  {
    id: 'northwind',
    to: 'Northwind Paper',
    note: 'Invoice 2041, letter paper',
    cents: 25_000,
    due: '2026-12-04',
    status: 'waiting',
  },
  {
    id: 'harbour',
    to: 'Harbour Insurance',
    note: 'Premium, fourth quarter',
    cents: 184_000,
    due: '2026-12-10',
    status: 'waiting',
  },
  {
    id: 'linden',
    to: 'Linden Street Print',
    note: 'Invoice 88, annual report',
    cents: 112_075,
    due: '2026-12-15',
    status: 'waiting',
  },
  {
    id: 'aldgate',
    to: 'Aldgate Coffee',
    note: 'Beans, November',
    cents: 3650,
    due: '2026-12-01',
    status: 'waiting',
  },
]

/** Makes a bank with one company's payments, in memory. Every person who can sign in may see and approve them. */
export function createBank(now: () => number = () => Math.floor(Date.now() / 1000)): Bank {
  const payments = new Map(invoices.map(payment => [payment.id, payment]))
  const ledger: LedgerEntry[] = []
  const emails = new Map<string, string>()
  return {
    payments: () => [...payments.values()],
    find: id => payments.get(id),
    approve(seen, by) {
      const payment = payments.get(seen.id)
      if (payment?.status !== 'waiting' || payment.to !== seen.to || payment.cents !== seen.cents)
        return false
      payments.set(payment.id, { ...payment, status: 'approved' })
      ledger.push({ paymentId: payment.id, to: payment.to, cents: payment.cents, ...by, approvedAt: now() })
      return true
    },
    ledger: () => [...ledger],
    emailOf: sub => emails.get(sub) ?? `${sub.split('|').at(-1)}@pennyworth.example`,
    changeEmail: (sub, email) => void emails.set(sub, email),
  }
}
