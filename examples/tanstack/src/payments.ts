import { queryOptions } from '@tanstack/react-query'
import type { Grant } from 'afresh'
import { client } from './client.ts'

export interface Payment {
  readonly id: string
  readonly cents: number
  readonly to: string
  readonly approvedBy: string | null
}

/** The person is part of the key, so nobody gets what was loaded for somebody else. */
export const paymentsOf = (person: string) =>
  queryOptions({ queryKey: [person, 'payments'], queryFn: loadPayments })

/** `client.fetch` sends the access token, waits for the session, and renews it where that is due. */
async function loadPayments({ signal }: { signal: AbortSignal }): Promise<readonly Payment[]> {
  const response = await client.fetch('/api/payments', { signal })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return response.json()
}

/** The grant's `fetch` carries the proof that this person has just signed in for this payment. */
export async function approvePayment(payment: Payment, { fetch }: Grant): Promise<Payment> {
  const { id, cents, to } = payment
  const response = await fetch(`/api/payments/${id}/approve`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ cents, to }),
  })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  const { approvedBy } = await response.json()
  return { ...payment, approvedBy }
}
