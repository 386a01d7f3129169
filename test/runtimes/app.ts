// An API behind both guards that runs wherever there is `fetch`: Workers, Deno, Bun and Node. It is bundled with the built
// package, and what stands in capitals is filled in then.
import { createFreshnessGuard, GuardError, type GuardOptions, memoryStore } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'

declare const ISSUER: string

const options = {
  issuer: ISSUER,
  clientId: 'payments',
  audience: 'https://api.example',
  keys: [Uint8Array.from({ length: 32 }, (_, i) => i)],
  actions: {
    'payment.approve': { reauthenticate: true, context: 'required' },
    'email.change': { maxAge: 300 },
  },
  store: memoryStore(),
} as const satisfies GuardOptions
// Made where people make them: outside of any request.
const guard = createFreshnessGuard(options)
const hang = (): Promise<never> => new Promise(() => {})
const hangingStore = { consume: hang, advance: hang, redeem: hang }
const hangingGuard = createFreshnessGuard({ ...options, store: hangingStore, storeTimeout: 0.5 })
const statements = createAccessTokenGuard({
  issuer: ISSUER,
  audience: 'https://api.example',
  introspection: { clientId: 'api', clientSecret: 'secret' },
  store: memoryStore(),
})

const routes: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
  '/ready': async () => new Response('ready'),
  '/api/freshness': guard.handler,
  '/api/payments/approve': async request => {
    const subject = request.headers.get('Authorization') ?? ''
    await guard.require(request, 'payment.approve', { subject, context: await request.json() })
    return Response.json({ status: 'done' })
  },
  '/hanging/freshness': hangingGuard.handler,
  '/statements': async request => {
    const { subject } = await statements.requireAccessToken(request)
    return Response.json({ status: subject })
  },
}

export default {
  async fetch(request: Request): Promise<Response> {
    try {
      const serve = routes[new URL(request.url).pathname]
      return (await serve?.(request)) ?? Response.json({ error: 'not_found' }, { status: 404 })
    } catch (error) {
      if (error instanceof GuardError) return error.toResponse()
      return Response.json({ error: String(error) }, { status: 500 })
    }
  },
}
