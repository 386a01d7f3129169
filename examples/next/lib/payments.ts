// Stands for a database.

export interface Payment {
  readonly id: string
  readonly cents: number
  readonly to: string
  readonly approvedBy: string | null
}

const first: readonly Payment[] = [
  { id: 'p1', cents: 25_000, to: 'ACME', approvedBy: null },
  { id: 'p2', cents: 990, to: 'Initech', approvedBy: null },
  { id: 'p3', cents: 129_900, to: 'Globex', approvedBy: null },
  { id: 'p4', cents: 4_750, to: 'Hooli', approvedBy: null },
]

// Next may load this module several times, and `next dev` loads it anew after each edit.
const kept: typeof globalThis & { payments?: Map<string, Payment> } = globalThis
kept.payments ??= new Map(first.map(payment => [payment.id, payment]))
const payments = kept.payments

export const listPayments = () => [...payments.values()]

/** Approves a payment once, if it is the one that the person has seen. */
export function approve({ id, cents, to }: Omit<Payment, 'approvedBy'>, approvedBy: string) {
  const payment = payments.get(id)
  if (payment?.cents !== cents || payment.to !== to || payment.approvedBy !== null) return false
  payments.set(id, { ...payment, approvedBy })
  return true
}
