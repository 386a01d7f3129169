import type { LedgerEntry, Payment } from '../api/bank.ts'
import { config } from './config.ts'

export type { LedgerEntry, Payment }

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

/** The bank said no; `code` is its word for why. */
export class BankError extends Error {
  readonly code: string

  constructor(code: string) {
    super(`The bank refused: ${code}`)
    this.code = code
  }
}

export const getPayments = (fetch: Fetch): Promise<Payment[]> => json<Payment[]>(fetch('/api/payments'))

export const getLedger = (fetch: Fetch): Promise<LedgerEntry[]> => json<LedgerEntry[]>(fetch('/api/ledger'))

export const getEmail = (fetch: Fetch): Promise<string> =>
  json<{ email: string }>(fetch('/api/email')).then(answer => answer.email)

export const approvePayment = (fetch: Fetch, payment: Payment): Promise<{ authTime: number }> =>
  json(fetch(`/api/payments/${payment.id}/approve`, send('POST', payment)))

export const changeEmail = (fetch: Fetch, email: string): Promise<{ email: string }> =>
  json(fetch('/api/email', send('PUT', { email })))

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
