import type { Grant } from 'afresh'
import { client } from './client.ts'

export interface Payment {
  readonly id: string
  readonly cents: number
  readonly to: string
  readonly approvedBy: string | null
}

/** `client.fetch` sends the access token, waits for the session, and renews it where that is due. */
export async function getPayments(signal: AbortSignal): Promise<Payment[]> {
  const response = await client.fetch('/api/payments', { signal })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return response.json()
}

/** Approves a payment behind a step-up. The person agrees to the context, and the backend approves nothing else. */
export const approval = client.action('payment.approve', approve, {
  context: ({ id, cents, to }: Payment) => ({ id, cents, to }),
})

/** The grant's `fetch` carries the proof that this person has just signed in for this payment. */
async function approve({ id, cents, to }: Payment, { fetch }: Grant) {
  const response = await fetch(`/api/payments/${id}/approve`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ cents, to }),
  })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
}
