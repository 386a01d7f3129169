// Hono and SQLite: the grant is used up in the transaction that approves the payment, or not at all.
// Run: ISSUER=… FRESHNESS_KEY=… npx tsx --tsconfig examples/tsconfig.json examples/hono/server.ts
import { serve } from '@hono/node-server'
import { createFreshnessGuard } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'
import { freshness, guardErrors } from 'afresh/server/hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { approve, endSessions, hasEnded, listPayments, store, transaction } from './database.ts'

const { ISSUER, CLIENT_ID = 'payments', AUDIENCE = 'https://api.example.com' } = process.env
const { FRESHNESS_KEY, APP_ORIGIN = 'http://localhost:5173', PORT = '3000' } = process.env
if (!ISSUER || !FRESHNESS_KEY) {
  throw new Error('Set ISSUER, your OpenID Provider, and FRESHNESS_KEY, 32 random bytes in base64url')
}

const shared = { issuer: ISSUER, audience: AUDIENCE, store, origins: [APP_ORIGIN] }
/** Says who calls. */
const tokens = createAccessTokenGuard(shared)
/** Says whether the person has logged in freshly. */
const guard = createFreshnessGuard({
  ...shared,
  clientId: CLIENT_ID,
  keys: [FRESHNESS_KEY], // node -p "crypto.randomBytes(32).toString('base64url')"
  actions: { 'payment.approve': { reauthenticate: true, context: 'required' } },
  // Each decision, and no token.
  audit: ({ event, action, sub, reason }) =>
    console.log(['freshness', event, action, sub, reason].filter(Boolean).join(' ')),
})
// A store proves itself on the database before its first use, which cannot wait for a turn inside a transaction.
await guard.ready()

/** Who calls is known before a route is run. */
const app = new Hono<{ Variables: { subject: string } }>()
app.all('/api/freshness', freshness(guard))
// For a page on another origin. The endpoint does it by itself.
const allowHeaders = ['Authorization', 'Content-Type', 'DPoP', 'Idempotency-Key', 'Step-Up-Grant']
const exposeHeaders = ['WWW-Authenticate', 'Retry-After', 'Date']
app.use('/api/payments/*', cors({ origin: APP_ORIGIN, credentials: true, allowHeaders, exposeHeaders }))
app.use('/api/payments/*', bodyLimit({ maxSize: 16_384 }))

app.use('/api/payments/*', async (c, next) => {
  const { subject, claims } = await tokens.requireAccessToken(c.req.raw)
  // The person has signed out at the OP, and the page says so.
  if (await hasEnded(claims)) {
    return c.json({ error: 'invalid_token' }, 401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' })
  }
  c.set('subject', subject)
  await next()
})

app.get('/api/payments', async c => c.json(await listPayments()))

app.post('/api/payments/:id/approve', async c => {
  const { subject } = c.var
  const { cents, to } = (await c.req.json().catch(() => null)) ?? {}
  if (!Number.isInteger(cents) || typeof to !== 'string') {
    throw new HTTPException(400, { message: 'A payment has `cents`, a whole number, and `to`, a name.' })
  }
  const payment = { id: c.req.param('id'), cents, to }
  // The person has agreed to this payment and to no other: `context` is what the page has shown them.
  const approvedAt = await transaction(open =>
    guard.protect(
      c.req.raw,
      'payment.approve',
      { subject, context: payment, transaction: open },
      async record => {
        // Whatever is thrown here leaves the grant unused.
        if (!approve(open, payment, record)) {
          throw new HTTPException(409, {
            message: 'The payment is approved already, or differs from the one on file.',
          })
        }
        return record.authTime
      },
    ),
  )
  return c.json({ status: 'approved', approvedBy: subject, authenticatedAt: approvedAt })
})

// The OP calls this when a session has ended there: its `backchannel_logout_uri` for this app.
app.post('/backchannel-logout', async c => {
  await endSessions(await guard.verifyLogoutToken(c.req.raw))
  return c.body(null, 200, { 'Cache-Control': 'no-store' })
})
app.onError(guardErrors)

serve({ fetch: app.fetch, port: Number(PORT) })
setInterval(() => store.deleteExpired().catch(console.error), 3_600_000).unref()
