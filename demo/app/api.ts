import type { LedgerEntry, Payment } from '../api/bank.ts'
import type { Decision } from '../api/decisions.ts'
import { config } from './config.ts'

export type { LedgerEntry, Payment }

/** Calls the bank with the person's access token. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

/** The bank refused. `code` is its reason. */
export class BankError extends Error {
  readonly code: string

  constructor(code: string) {
    super(`The bank refused: ${code}`)
    this.code = code
  }
}

/** The payments of the company. */
export const getPayments = (fetch: Fetch): Promise<Payment[]> => json<Payment[]>(fetch('/api/payments'))

/** The approvals so far. */
export const getLedger = (fetch: Fetch): Promise<LedgerEntry[]> => json<LedgerEntry[]>(fetch('/api/ledger'))

/** What the bank's guards have decided about this person since a time, in epoch milliseconds. */
export const getDecisions = (fetch: Fetch, since: number): Promise<Decision[]> =>
  json<Decision[]>(fetch(`/api/decisions?since=${since}`))

/** The address that receipts go to. */
export const getEmail = (fetch: Fetch): Promise<string> =>
  json<{ email: string }>(fetch('/api/email')).then(answer => answer.email)

/**
 * Approves a payment. The call needs a grant. A bank that fails in the middle has done nothing, and the grant is still
 * good, so the call is tried once more before the person is told.
 */
export async function approvePayment(fetch: Fetch, payment: Payment): Promise<{ authTime: number }> {
  const approve = (): Promise<Response> => fetch(`/api/payments/${payment.id}/approve`, send('POST', payment))
  const response = await approve()
  return json(response.status === 500 ? approve() : Promise.resolve(response))
}

/** Changes the address. The call needs a grant. */
export const changeEmail = (fetch: Fetch, email: string): Promise<{ email: string }> =>
  json(fetch('/api/email', send('PUT', { email })))

/** A statement of the second API. */
export const getStatement = (fetch: Fetch): Promise<{ statement: string }> =>
  json(fetch(`${config.statements}/statements/november`))

const send = (method: string, value: unknown): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
})

async function json<T>(request: Promise<Response>): Promise<T> {
  const response = await request
  if (response.ok) return (await response.json()) as T
  const { error } = (await response.json().catch(() => ({}))) as { error?: string }
  throw new BankError(error ?? String(response.status))
}
