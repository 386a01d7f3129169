import type { ProviderProfile } from 'afresh/providers'
import { memoryStore } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'
import { guardErrors } from 'afresh/server/hono'
import { Hono } from 'hono'
import { cors } from 'hono/cors'

/** How the second API is set up. */
export interface StatementsOptions {
  readonly issuer: string
  readonly audience: string
  /** The app's origin. */
  readonly app: string
  readonly dpop?: boolean
  /** What the OP does in its own way. Default: nothing. */
  readonly provider?: ProviderProfile | undefined
  /** The most seconds since the login behind an access token. Default: 60. */
  readonly maxAge?: number | undefined
  /** The scope that an access token must have. Default: none. */
  readonly scope?: string | undefined
}

/** Makes another company's API. It knows people by their access tokens, and asks for freshness by RFC 9470. */
export function createStatements({
  issuer,
  audience,
  app: origin,
  dpop,
  provider,
  maxAge = 60,
  scope,
}: StatementsOptions): Hono {
  const guard = createAccessTokenGuard({
    issuer,
    audience,
    provider,
    origins: [origin],
    requireDpop: dpop ?? false,
    store: memoryStore(),
  })
  const app = new Hono()
  app.onError(guardErrors)
  const exposeHeaders = ['WWW-Authenticate', 'DPoP-Nonce']
  app.use(cors({ origin, allowHeaders: ['Authorization', 'DPoP'], exposeHeaders }))
  app.get('/statements/november', async c => {
    const { subject, authTime } = await guard.requireAccessToken(c.req.raw, {
      maxAge,
      ...(scope !== undefined && { scope }),
    })
    return c.json({ statement: `Statement for November, for ${subject}`, authTime })
  })
  return app
}
