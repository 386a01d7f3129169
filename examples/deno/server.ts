// Deno. Run: ISSUER=… FRESHNESS_KEY=… deno run --allow-net --allow-env --allow-read examples/deno/server.ts
import { createFreshnessGuard, GuardError, memoryStore } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'

const read = (name: string, otherwise: string): string => Deno.env.get(name) ?? otherwise
const [ISSUER, CLIENT_ID] = [read('ISSUER', ''), read('CLIENT_ID', 'payments')]
const [AUDIENCE, FRESHNESS_KEY] = [read('AUDIENCE', 'https://api.example.com'), read('FRESHNESS_KEY', '')]
const [APP_ORIGIN, PORT] = [read('APP_ORIGIN', 'http://localhost:5173'), read('PORT', '3000')]

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

async function approve(request: Request, id: string): Promise<Response> {
  const { subject } = await tokens.requireAccessToken(request)
  const { cents, to } = await request.json().catch(() => ({}))
  if (!Number.isInteger(cents) || typeof to !== 'string') {
    return Response.json({ error: 'invalid_request' }, { status: 400 })
  }
  // The person has agreed to this payment and to no other: `context` is what the page has shown them.
  const context = { id, cents, to }
  // No database here. With one, `guard.protect` uses the grant up in its transaction: see examples/hono.
  const { authTime } = await guard.require(request, 'payment.approve', { subject, context })
  return Response.json({ status: 'approved', approvedBy: subject, authenticatedAt: authTime })
}

async function serve(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === '/api/freshness') return guard.handler(request)
  const [, id] = /^\/api\/payments\/([\w-]+)\/approve$/.exec(pathname) ?? []
  if (request.method !== 'POST' || id === undefined) return new Response(null, { status: 404 })
  try {
    return await approve(request, id)
  } catch (error) {
    if (error instanceof GuardError) return error.toResponse()
    throw error
  }
}

Deno.serve({ port: Number(PORT) }, serve)
