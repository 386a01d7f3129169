import { randomBytes } from 'node:crypto'
import type { ProviderProfile } from 'afresh/providers'
import { createFreshnessGuard, type FreshnessGuard, type GuardOptions, memoryStore } from 'afresh/server'
import { freshness, guardErrors } from 'afresh/server/hono'
import { sqlMigration, sqlStore } from 'afresh/server/sql'
import { Hono } from 'hono'
import { accessToken, answer, type Caller } from './access-token.ts'
import { type Bank, bankSchema, createBank } from './bank.ts'
import { type Database, openDatabase, type Transaction } from './database.ts'
import { byToken, byUserinfo } from './identify.ts'
import { createLicences, type Licences } from './licences.ts'
import { addSensitiveCalls, type BankPolicies } from './sensitive-calls.ts'
import { createSessions, sessionsSchema } from './sessions.ts'

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
  /** Called with each decision of the guard. Default: nothing. */
  readonly audit?: GuardOptions['audit']
  /** Changes to how the guard is set up, for tests. Its store is always the bank's database. */
  readonly guard?: Partial<Omit<GuardOptions<BankPolicies>, 'store'>>
}

/** The bank's API, and what its tests look at. */
export interface Api {
  readonly app: Hono<Caller>
  readonly database: Database
  readonly bank: Bank
  readonly licences: Licences
  /** Shows a mistake in the guard's set-up before the first payment does. */
  ready(): Promise<void>
}

/** What the bank demands of a login, for each action. */
export const policies = {
  'payment.approve': { reauthenticate: true, context: 'required' },
  'email.change': { maxAge: 300, context: 'required' },
} as const satisfies BankPolicies

/** Makes the bank's API, with its guard. */
export function createApi({
  issuer,
  audience,
  app: origin,
  clientId = 'payments',
  provider,
  accessTokens = 'jwt',
  dpop = false,
  audit,
  guard: changes,
}: ApiOptions): Api {
  const database = openDatabase(bankSchema, sessionsSchema, sqlMigration({ dialect: 'sqlite' }))
  const bank = createBank(database)
  const sessions = createSessions(database)
  const licences = createLicences()
  const shared = {
    provider,
    origins: [origin],
    // The web server in front passes requests on, so the host is not the one that the browser knows.
    publicUrl: origin,
  }
  const guard: FreshnessGuard<BankPolicies, Transaction> = createFreshnessGuard({
    issuer,
    clientId,
    audience,
    keys: [randomBytes(32)],
    actions: policies,
    // In the bank's own database, so that a payment and its grant are written together or not at all.
    store: sqlStore({
      dialect: 'sqlite',
      query: (text, values, transaction?: Transaction) => (transaction ?? database).query(text, values),
    }),
    ...shared,
    ...(dpop && { dpop }),
    ...(audit && { audit }),
    ...changes,
  })

  const app = new Hono<Caller>()
  app.onError(guardErrors)
  app.all('/api/freshness', freshness(guard))
  const identify =
    accessTokens === 'jwt'
      ? byToken({ ...shared, issuer, audience, requireDpop: dpop, store: memoryStore() })
      : byUserinfo(issuer)
  app.use('/api/*', accessToken(identify, sessions))
  app.use('/api/*', async (c, next) => {
    licences.use(c.var.sid)
    await next()
  })

  app.get('/api/licences', c => c.json({ taken: licences.taken() }))
  app.get('/api/payments', async c => c.json(await bank.payments()))
  app.get('/api/ledger', async c => c.json(await bank.ledger()))
  app.get('/api/email', async c => c.json({ email: await bank.emailOf(c.var.subject) }))
  addSensitiveCalls(app, { guard, database, bank })

  // The OP calls this, not the page: a session has ended there, so it ends here as well.
  app.post('/backchannel-logout', async c => {
    const { sid } = await guard.verifyLogoutToken(c.req.raw)
    // Without it, all sessions of the person would have ended. Our OP was told to name one each time.
    if (sid === undefined) throw answer(400, 'invalid_request')
    await sessions.end(sid)
    return c.body(null, 200, { 'Cache-Control': 'no-store' })
  })

  return { app, database, bank, licences, ready: guard.ready }
}
