// Deno. Run: ISSUER=… FRESHNESS_KEY=… deno run --allow-net --allow-env --allow-read examples/deno/server.ts
import { createFreshnessGuard, GuardError, memoryStore } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'

const { ISSUER, CLIENT_ID = 'payments', AUDIENCE = 'https://api.example.com' } = Deno.env.toObject()
const { FRESHNESS_KEY, APP_ORIGIN = 'http://localhost:5173', PORT = '3000' } = Deno.env.toObject()
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

async function approve(request: Request, id: string): Promise<Response> {
  const { subject } = await tokens.requireAccessToken(request)
  const { cents, to } = (await request.json().catch(() => null)) ?? {}
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

// Stops here if ISSUER is wrong, and not at the first payment.
await guard.ready()
Deno.serve({ port: Number(PORT) }, serve)
