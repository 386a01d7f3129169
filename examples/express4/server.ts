// Express 4. Run: ISSUER=… FRESHNESS_KEY=… npx tsx --tsconfig examples/tsconfig.json examples/express4/server.ts
import { createFreshnessGuard, memoryStore } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'
import { asyncHandler, freshness, guardErrors, toRequest } from 'afresh/server/express'
import express from 'express4' // `express` at version 4

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

// Express 4 does not notice that an async handler rejects: `asyncHandler` tells it.
const approve = asyncHandler(async (req: express.Request, res: express.Response) => {
  const request = toRequest(req)
  const { subject } = await tokens.requireAccessToken(request)
  const { cents, to } = req.body
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
app.post('/api/payments/:id/approve', express.json(), approve)

app.use(guardErrors)
// Stops here if ISSUER is wrong, and not at the first payment.
await guard.ready()
app.listen(Number(PORT))
