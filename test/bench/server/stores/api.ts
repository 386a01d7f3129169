// The process that is measured, with the store that STORE names.
import { serve } from '@hono/node-server'
import { freshness, guardErrors } from 'afresh/server/hono'
import { Hono } from 'hono'
import { tellUsage } from '../../flood/usage.ts'
import { serveMessages } from '../../flood/worker.ts'
import { backends } from './backends.ts'
import { storeNames } from './setup.ts'

const { STORE = '', STORE_URL = '', ISSUER = '', PORT = '' } = process.env
const name = storeNames.find(known => known === STORE)
if (!name) throw new Error(`STORE is ${STORE}`)
const { guard, use, bare } = await backends[name](STORE_URL, ISSUER)
await guard.ready()

const app = new Hono()
app.all('/freshness', freshness(guard))
app.post('/use', async c => {
  await use(c.req.raw)
  return c.json({ done: true })
})
app.post('/bare', async c => {
  await bare()
  return c.json({ done: true })
})
app.onError(guardErrors)

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(PORT) }, () => serveMessages(tellUsage))
