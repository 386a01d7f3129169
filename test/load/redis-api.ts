// One process of an API behind a load balancer: it spends grants, and writes each down before it says so.
import { appendFileSync } from 'node:fs'
import { createFreshnessGuard } from 'afresh/server'
import { redisStore } from 'afresh/server/redis'
import { createClient } from 'redis'
import { guardOptions, serveApi } from './serve-api.ts'

const { REDIS_URL = '', LEDGER = '' } = process.env

const redis = createClient({ url: REDIS_URL, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } })
redis.on('error', () => {})
await redis.connect()
const guard = createFreshnessGuard({ ...guardOptions, store: redisStore(redis) })

serveApi(guard, async (request, { voucher }) => {
  await guard.require(request, 'voucher.spend', { subject: 'josh' })
  appendFileSync(LEDGER, `${voucher}\n`)
})
