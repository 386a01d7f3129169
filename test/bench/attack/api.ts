// The process under attack: a backend that binds step-ups to DPoP keys and knows people by opaque access tokens.
import { serve } from '@hono/node-server'
import { createFreshnessGuard, memoryStore } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'
import { freshness, guardErrors } from 'afresh/server/hono'
import { Hono } from 'hono'
import { tellUsage } from '../flood/usage.ts'
import { serveMessages } from '../flood/worker.ts'
import { action, clientId, readPlan } from './plan.ts'

const { api: audience, issuer, introspection: endpoint } = readPlan()
const options = {
  issuer,
  clientId,
  audience,
  keys: [crypto.getRandomValues(new Uint8Array(32))],
  actions: { [action]: { reauthenticate: true as const } },
  store: memoryStore(),
  dpop: true,
}
const guard = createFreshnessGuard(options)
const accessTokens = createAccessTokenGuard({
  issuer,
  audience,
  store: memoryStore(),
  introspection: { clientId: 'api', clientSecret: 'secret', endpoint },
})

const app = new Hono()
app.all('/freshness', freshness(guard))
app.post('/approve', async c => {
  const { subject } = await accessTokens.requireAccessToken(c.req.raw)
  await guard.require(c.req.raw, action, { subject })
  return c.text('approved')
})
app.onError(guardErrors)

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(new URL(audience).port) }, () =>
  serveMessages(tellUsage),
)
