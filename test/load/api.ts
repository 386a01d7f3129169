// One process of an API behind a load balancer: it spends grants, and writes each down before it says so.
import { appendFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { createFreshnessGuard } from 'afresh/server'
import { freshness, guardErrors } from 'afresh/server/hono'
import { redisStore } from 'afresh/server/redis'
import { Hono } from 'hono'
import { createClient } from 'redis'

const { ISSUER = '', REDIS_URL = '', SECRET = '', LEDGER = '' } = process.env

const redis = createClient({ url: REDIS_URL, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } })
redis.on('error', () => {})
await redis.connect()
const guard = createFreshnessGuard({
  issuer: ISSUER,
  clientId: 'payments',
  audience: 'https://api.example',
  keys: [SECRET],
  actions: { 'voucher.spend': { maxAge: 3600, grant: { ttl: 600 } } },
  store: redisStore(redis),
  onError: () => {},
})
const app = new Hono()
app.all('/freshness', freshness(guard))
app.post('/spend', async c => {
  await guard.require(c.req.raw, 'voucher.spend', { subject: 'josh' })
  appendFileSync(LEDGER, `${c.req.header('Voucher')}\n`)
  return c.text('spent')
})
app.onError(guardErrors)
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  process.send?.({ port }),
)
process.once('disconnect', () => {
  server.close()
  process.exit()
})
