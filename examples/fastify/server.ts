// Fastify 5. Run: ISSUER=… FRESHNESS_KEY=… npx tsx --tsconfig examples/tsconfig.json examples/fastify/server.ts
import { createFreshnessGuard, memoryStore } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'
import { freshness, guardErrors, toRequest } from 'afresh/server/fastify'
import { fastify } from 'fastify'

const { ISSUER, CLIENT_ID = 'payments', AUDIENCE = 'https://api.example.com' } = process.env
const { FRESHNESS_KEY, APP_ORIGIN = 'http://localhost:5173', PORT = '3000' } = process.env
if (!ISSUER || !FRESHNESS_KEY) {
  throw new Error('Set ISSUER, your OpenID Provider, and FRESHNESS_KEY, 32 random bytes in base64url')
}

// Behind a proxy on this machine: its `X-Forwarded-Proto` says what the browser speaks.
const app = fastify({ logger: { level: 'info' }, trustProxy: 'loopback' })

// Good for one process. Several share a store of `afresh/server/redis` or `afresh/server/sql`.
const store = memoryStore()
const onError = (error: unknown): void => app.log.error(error)
const shared = { issuer: ISSUER, audience: AUDIENCE, store, origins: [APP_ORIGIN], onError }
/** Says who calls. */
const tokens = createAccessTokenGuard(shared)
/** Says whether the person has logged in freshly. */
const guard = createFreshnessGuard({
  ...shared,
  clientId: CLIENT_ID,
  keys: [FRESHNESS_KEY], // node -p "crypto.randomBytes(32).toString('base64url')"
  actions: { 'payment.approve': { reauthenticate: true, context: 'required' } },
})

interface Approval {
  readonly Params: { readonly id: string }
  readonly Body: { readonly cents: number; readonly to: string }
}
const properties = { cents: { type: 'integer' }, to: { type: 'string' } }
const schema = { body: { type: 'object', required: ['cents', 'to'], properties } }

app.register(freshness(guard), { prefix: '/api/freshness' })
app.post<Approval>('/api/payments/:id/approve', { schema }, async req => {
  const request = toRequest(req)
  const { subject } = await tokens.requireAccessToken(request)
  const { cents, to } = req.body
  // The person has agreed to this payment and to no other: `context` is what the page has shown them.
  const context = { id: req.params.id, cents, to }
  // No database here. With one, `guard.protect` uses the grant up in its transaction: see examples/hono.
  const { authTime } = await guard.require(request, 'payment.approve', { subject, context })
  return { status: 'approved', approvedBy: subject, authenticatedAt: authTime }
})
app.setErrorHandler(guardErrors)

// Stops here if ISSUER is wrong, and not at the first payment.
await guard.ready()
await app.listen({ port: Number(PORT) })
