// The process that is measured.
import { serve } from '@hono/node-server'
import { createFreshnessGuard, memoryStore } from 'afresh/server'
import { freshness } from 'afresh/server/hono'
import { Hono } from 'hono'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { common, type Memory } from './setup.ts'

const { ISSUER: issuer = '' } = process.env
const guard = createFreshnessGuard({ ...common, issuer, store: memoryStore({ maxEntries: 1_000_000 }) })
const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`))

const app = new Hono()
app.all('/freshness', freshness(guard))
app.post('/floor', async c => {
  const { id_token } = await c.req.json()
  const { payload } = await jwtVerify(id_token, keys, { issuer, audience: common.clientId })
  return c.json({ sub: payload.sub })
})

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  process.send?.({ port }),
)
process.on('message', async () => {
  globalThis.gc?.()
  // What that left to be finalized, such as sockets that have just closed, goes with the second.
  await new Promise(setImmediate)
  globalThis.gc?.()
  const { heapUsed: heap, rss: resident } = process.memoryUsage()
  process.send?.({ heap, resident } satisfies Memory)
})
process.once('disconnect', () => {
  server.close()
  process.exit()
})
