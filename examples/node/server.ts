// Node alone. Run: ISSUER=… FRESHNESS_KEY=… npx tsx --tsconfig examples/tsconfig.json examples/node/server.ts
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createFreshnessGuard, memoryStore } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'
import { freshness, guarded, sendResponse, toRequest } from 'afresh/server/node'

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

const approve = async (request: Request, id: string): Promise<Response> => {
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

const endpoint = freshness(guard)
const listener = guarded(async (req: IncomingMessage, res: ServerResponse) => {
  const path = req.url?.split('?')[0] ?? ''
  if (path === '/api/freshness') return endpoint(req, res)
  const [, id] = /^\/api\/payments\/([\w-]+)\/approve$/.exec(path) ?? []
  const isApproval = req.method === 'POST' && id !== undefined
  await sendResponse(
    isApproval ? await approve(toRequest(req), id) : new Response(null, { status: 404 }),
    res,
  )
})
// Stops here if ISSUER is wrong, and not at the first payment.
await guard.ready()
createServer(listener).listen(Number(PORT))
