// One process of an API whose Redis is found by Sentinel: it spends grants, and writes each down before it says so.
import { appendFileSync } from 'node:fs'
import { createFreshnessGuard } from 'afresh/server'
import { sentinelClients } from '../support/redis-clients.ts'
import { guardOptions, serveApi } from './serve-api.ts'

const { SENTINEL_PORT = '', CLIENT = '', LEDGER = '' } = process.env

const client = await sentinelClients[CLIENT]?.(Number(SENTINEL_PORT))
if (!client) throw new Error(`There is no client ${CLIENT}`)
const guard = createFreshnessGuard({ ...guardOptions, store: client.store })

serveApi(guard, async (request, { voucher }) => {
  await guard.require(request, 'voucher.spend', { subject: 'josh' })
  appendFileSync(LEDGER, `${voucher}\n`)
})
