import type { Hono } from 'hono'
import { answer, type Caller } from './access-token.ts'
import type { Bank } from './bank.ts'
import type { Database } from './database.ts'
import type { BankGuard } from './guard.ts'

/** What the sensitive calls need. */
export interface SensitiveCallOptions {
  readonly guard: Pick<BankGuard, 'protect'>
  readonly database: Pick<Database, 'transaction'>
  readonly bank: Bank
}

/** Adds the calls for which a person must have authenticated freshly. */
export function addSensitiveCalls(app: Hono<Caller>, { guard, database, bank }: SensitiveCallOptions): void {
  app.post('/api/payments/:id/approve', async c => {
    const { to, cents } = await body(c.req.raw)
    const id = c.req.param('id')
    if (typeof to !== 'string' || typeof cents !== 'number') throw answer(400, 'invalid_request')
    if ((await bank.find(id)) === undefined) throw answer(404, 'unknown_payment')
    // The context is what the person saw and this request asks for, not what the bank has on file now: if these differ,
    // no person has agreed to what is on file.
    const seen = { id, to, cents }
    const { subject } = c.var
    const authTime = await database.transaction(transaction => {
      const options = { subject, context: seen, transaction }
      return guard.protect(c.req.raw, 'payment.approve', options, async ({ authTime, detailsReturned }) => {
        const by = { approvedBy: subject, authTime, shownAtProvider: detailsReturned }
        const isPaid = await bank.approve(transaction, seen, by)
        // Whatever is thrown here leaves the grant unused.
        if (!isPaid) throw answer(409, 'payment_changed')
        return authTime
      })
    })
    return c.json({ payment: await bank.find(id), authTime })
  })

  app.put('/api/email', async c => {
    const { email } = await body(c.req.raw)
    if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email)) throw answer(400, 'invalid_request')
    const { subject } = c.var
    await database.transaction(transaction => {
      const options = { subject, context: { email }, transaction }
      return guard.protect(c.req.raw, 'email.change', options, () =>
        bank.changeEmail(transaction, subject, email),
      )
    })
    return c.json({ email })
  })
}

async function body(request: Request): Promise<Record<string, unknown>> {
  const value: unknown = await request.json().catch(() => undefined)
  if (typeof value !== 'object' || value === null) throw answer(400, 'invalid_request')
  return { ...value }
}
