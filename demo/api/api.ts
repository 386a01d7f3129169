import type { ProviderProfile } from 'afresh/providers'
import { memoryStore, type StepUpClientOptions } from 'afresh/server'
import { freshness, guardErrors } from 'afresh/server/hono'
import { sqlMigration } from 'afresh/server/sql'
import { Hono } from 'hono'
import { accessToken, type Caller } from './access-token.ts'
import { addBackchannelLogout } from './backchannel-logout.ts'
import { type Bank, bankSchema, createBank } from './bank.ts'
import { type Database, openDatabase } from './database.ts'
import { createDecisions } from './decisions.ts'
import { type BankGuardOptions, createBankGuard } from './guard.ts'
import { byToken, byUserinfo } from './identify.ts'
import { createLicences, type Licences } from './licences.ts'
import { addSensitiveCalls } from './sensitive-calls.ts'
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
  /** Called with each decision of the guards. Default: nothing. */
  readonly audit?: BankGuardOptions['audit']
  /** The bank's own client at the OP, which has the OP show what is approved. Default: none. */
  readonly stepUpClient?: StepUpClientOptions | undefined
  /** Changes to how the guard is set up, for tests. Its store is always the bank's database. */
  readonly guard?: Partial<BankGuardOptions>
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

/** Makes the bank's API, with its guard. */
export function createApi(options: ApiOptions): Api {
  const { issuer, audience, app: origin, clientId = 'payments', provider, dpop = false } = options
  const database = openDatabase(bankSchema, sessionsSchema, sqlMigration({ dialect: 'sqlite' }))
  const bank = createBank(database)
  const sessions = createSessions(database)
  const licences = createLicences()
  const decisions = createDecisions(options.audit)
  const audit = decisions.add
  // The web server in front passes requests on, so the host is not the one that the browser knows.
  const shared = { issuer, audience, provider, origins: [origin], publicUrl: origin }
  const { stepUpClient } = options
  const guard = createBankGuard(database, {
    ...{ ...shared, clientId, dpop, audit, stepUpClient },
    ...options.guard,
  })
  const identify =
    options.accessTokens === 'userinfo'
      ? byUserinfo(issuer)
      : byToken({ ...shared, requireDpop: dpop, store: memoryStore(), audit })

  const app = new Hono<Caller>()
  app.onError(guardErrors)
  app.all('/api/freshness', freshness(guard))
  addBackchannelLogout(app, { guard, sessions })
  app.use('/api/*', accessToken(identify, sessions))
  app.use('/api/*', async (c, next) => {
    licences.use(c.var.sid)
    await next()
  })
  app.get('/api/licences', c => c.json({ taken: licences.taken() }))
  app.get('/api/payments', async c => c.json(await bank.payments()))
  app.get('/api/ledger', async c => c.json(await bank.ledger()))
  app.get('/api/decisions', c => c.json(decisions.about(c.var.subject, Number(c.req.query('since')))))
  app.get('/api/email', async c => c.json({ email: await bank.emailOf(c.var.subject) }))
  addSensitiveCalls(app, { guard, database, bank })
  return { app, database, bank, licences, ready: guard.ready }
}
