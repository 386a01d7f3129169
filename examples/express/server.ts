// Express 5. Run: ISSUER=… FRESHNESS_KEY=… npx tsx --tsconfig examples/tsconfig.json examples/express/server.ts
import { createFreshnessGuard, memoryStore } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'
import { freshness, guardErrors, toRequest } from 'afresh/server/express'
import express from 'express'

const { ISSUER, CLIENT_ID = 'payments', AUDIENCE = 'https://api.example.com' } = process.env
const { FRESHNESS_KEY, APP_ORIGIN = 'http://localhost:5173', PORT = '3000' } = process.env
if (!ISSUER || !FRESHNESS_KEY) {
  throw new Error('Set ISSUER, your OpenID Provider, and FRESHNESS_KEY, 32 random bytes in base64url')
}

// Good for one process. Several share a store of `afresh/server/redis` or `afresh/server/sql`.
const shared = { issuer: ISSUER, audience: AUDIENCE, store: memoryStore(), origins: [APP_ORIGIN] }
/** Says who calls. */
const tokens = createAccessTokenGuard(shared)
/** Says whether the person has logged in freshly. */
const guard = createFreshnessGuard({
  ...shared,
  clientId: CLIENT_ID,
  keys: [FRESHNESS_KEY], // node -p "crypto.randomBytes(32).toString('base64url')"
  actions: { 'payment.approve': { reauthenticate: true, context: 'required' } },
})

const app = express()
// Behind a proxy on this machine: its `X-Forwarded-Proto` says what the browser speaks.
app.set('trust proxy', 'loopback')
app.all('/api/freshness', freshness(guard))

// The OP calls this when a session has ended there: its `backchannel_logout_uri` for this app. Register it with
// `backchannel_logout_session_required`, so that it names the session.
const endedSessions = new Set<unknown>() // In one process. Several share a table: see examples/hono.
app.post('/backchannel-logout', async (req, res) => {
  const { sid } = await guard.verifyLogoutToken(toRequest(req))
  if (sid !== undefined) endedSessions.add(sid)
  res
    .status(sid === undefined ? 400 : 200)
    .set('Cache-Control', 'no-store')
    .end()
})

app.post('/api/payments/:id/approve', express.json(), async (req, res) => {
  const request = toRequest(req)
  const { subject, claims } = await tokens.requireAccessToken(request)
  // The person has signed out at the OP, and the page says so.
  if (endedSessions.has(claims.sid)) {
    res.status(401).set('WWW-Authenticate', 'Bearer error="invalid_token"').json({ error: 'invalid_token' })
    return
  }
  const { cents, to } = req.body ?? {}
  if (!Number.isInteger(cents) || typeof to !== 'string') {
    res.status(400).json({ error: 'invalid_request' })
    return
  }
  // The person has agreed to this payment and to no other: `context` is what the page has shown them.
  const context = { id: req.params.id, cents, to }
  // No database here. With one, `guard.protect` uses the grant up in its transaction: see examples/hono.
  const { authTime } = await guard.require(request, 'payment.approve', { subject, context })
  res.json({ status: 'approved', approvedBy: subject, authenticatedAt: authTime })
})

app.use(guardErrors)
// Stops here if ISSUER is wrong, and not at the first payment.
await guard.ready()
app.listen(Number(PORT))
