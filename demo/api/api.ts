import { randomBytes } from 'node:crypto'
import type { ProviderProfile } from 'afresh/providers'
import { createFreshnessGuard, type GuardOptions, memoryStore } from 'afresh/server'
import { freshness, guardErrors } from 'afresh/server/hono'
import { Hono } from 'hono'
import { accessToken, answer, type Caller } from './access-token.ts'
import { type Bank, createBank } from './bank.ts'
import { byToken, byUserinfo } from './identify.ts'
import { createLicences, type Licences } from './licences.ts'

/** How the bank's API is set up. */
export interface ApiOptions {
  readonly issuer: string
  /** This API's identifier, which access tokens, challenges and grants name as their audience. */
  readonly audience: string
  /** The app's origin. */
  readonly app: string
  readonly clientId?: string
  /** What the OP does in its own way. Default: nothing. */
  readonly provider?: ProviderProfile | undefined
  /**
   * How the API finds the person of an access token: in the token, or at the OP's userinfo endpoint. Default: `jwt`.
   */
  readonly accessTokens?: 'jwt' | 'userinfo'
  /** Whether the API accepts only access tokens that are bound to a key, with a proof of it (RFC 9449). */
  readonly dpop?: boolean
  /** Changes to how the guard is set up, for tests. */
  readonly guard?: Partial<GuardOptions>
}

/** The bank's API, and what its tests look at. */
export interface Api {
  readonly app: Hono<Caller>
  readonly bank: Bank
  readonly licences: Licences
}

/** What the bank demands of a login, for each action. */
export const policies = {
  'payment.approve': { reauthenticate: true, context: 'required' },
  'email.change': { maxAge: 300, context: 'required' },
} as const satisfies GuardOptions['actions']

/** Makes the bank's API, with its guard. */
export function createApi({
  issuer,
  audience,
  app: origin,
  clientId = 'payments',
  provider,
  accessTokens = 'jwt',
  dpop = false,
  guard: changes,
}: ApiOptions): Api {
  const bank = createBank()
  const licences = createLicences()
  const shared = {
    provider,
    store: memoryStore(),
    origins: [origin],
    // The web server in front passes requests on, so the host is not the one that the browser knows.
    publicUrl: origin,
  }
  const guard = createFreshnessGuard({
    issuer,
    clientId,
    audience,
    keys: [randomBytes(32)],
    actions: policies,
    ...shared,
    ...(dpop && { dpop }),
    ...changes,
  })

  const app = new Hono<Caller>()
  app.onError(guardErrors)
  app.all('/api/freshness', freshness(guard))
  const identify =
    accessTokens === 'jwt' ? byToken({ ...shared, issuer, audience, requireDpop: dpop }) : byUserinfo(issuer)
  app.use('/api/*', accessToken(identify))
  app.use('/api/*', async (c, next) => {
    licences.use(c.var.sid)
    await next()
  })

  app.get('/api/licences', c => c.json({ taken: licences.taken() }))
  app.get('/api/payments', c => c.json(bank.payments()))
  app.get('/api/ledger', c => c.json(bank.ledger()))
  app.get('/api/email', c => c.json({ email: bank.emailOf(c.var.subject) }))

  app.post('/api/payments/:id/approve', async c => {
    const { to, cents } = await body(c.req.raw)
    const id = c.req.param('id')
    if (typeof to !== 'string' || typeof cents !== 'number') throw answer(400, 'invalid_request')
    if (bank.find(id) === undefined) throw answer(404, 'unknown_payment')
    // The context is what the person saw and this request asks for, not what the bank has on file now: if these differ,
    // no person has agreed to what is on file.
    const seen = { id, to, cents }
    const subject = c.var.subject
    const proof = await guard.require(c.req.raw, 'payment.approve', { subject, context: seen })
    if (!bank.approve(seen, { approvedBy: subject, authTime: proof.authTime }))
      throw answer(409, 'payment_changed')
    return c.json({ payment: bank.find(id), authTime: proof.authTime })
  })

  app.put('/api/email', async c => {
    const { email } = await body(c.req.raw)
    if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email)) throw answer(400, 'invalid_request')
    await guard.require(c.req.raw, 'email.change', { subject: c.var.subject, context: { email } })
    bank.changeEmail(c.var.subject, email)
    return c.json({ email })
  })

  return { app, bank, licences }
}

async function body(request: Request): Promise<Record<string, unknown>> {
  const value: unknown = await request.json().catch(() => undefined)
  if (typeof value !== 'object' || value === null) throw answer(400, 'invalid_request')
  return { ...value }
}
