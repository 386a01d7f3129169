import { createFreshnessGuard, type FreshnessGuard } from 'afresh/server'
import { freshness, guardErrors } from 'afresh/server/hono'
import { Hono } from 'hono'

const actions = { 'payment.approve': { reauthenticate: true, context: 'required' } } as const
const guard: FreshnessGuard<typeof actions> = createFreshnessGuard({
  issuer: 'https://login.example.com',
  clientId: 'payments',
  audience: 'https://api.example.com',
  keys: [crypto.getRandomValues(new Uint8Array(32))],
  store: 'memory',
  actions,
})

export const app: Hono = new Hono().onError(guardErrors)
app.all('/api/freshness', freshness(guard))
app.post('/api/payments/:id', async c => {
  const context = { id: c.req.param('id'), cents: 25_000 }
  const { authTime } = await guard.require(c.req.raw, 'payment.approve', { subject: 'josh', context })
  return c.json({ authTime })
})
