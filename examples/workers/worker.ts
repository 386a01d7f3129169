// Cloudflare Workers. Run, in this folder: npx wrangler dev (settings in wrangler.jsonc).
import { env } from 'cloudflare:workers'
import { createFreshnessGuard, GuardError } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'
import { durableStore } from './durable-store.ts'

export { FreshnessObject } from './durable-store.ts'

const { ISSUER, CLIENT_ID, AUDIENCE, FRESHNESS_KEY, APP_ORIGIN } = env
if (!ISSUER || !FRESHNESS_KEY) {
  throw new Error('Set ISSUER, your OpenID Provider, and FRESHNESS_KEY, 32 random bytes in base64url')
}
const shared = { issuer: ISSUER, audience: AUDIENCE, store: durableStore, origins: [APP_ORIGIN] }
/** Says who calls. */
const tokens = createAccessTokenGuard(shared)
/** Says whether the person has logged in freshly. */
const guard = createFreshnessGuard({
  ...shared,
  clientId: CLIENT_ID,
  keys: [FRESHNESS_KEY], // a secret: node -p "crypto.randomBytes(32).toString('base64url')"
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
  // The payment is not in the store's object, so they share no transaction: `require` uses the grant up first.
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

export default { fetch: serve }
