import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { guardErrors } from '../../src/server/hono.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock, openShop, payment, type Shop } from '../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let server: ServerType
let origin: string

beforeAll(async () => {
  op = await startOp(clock.now)
  shop = openShop(op, clock)
  await new Promise<void>(resolve => {
    server = serve({ fetch: shop.app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve())
  })
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await op.close()
})

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(origin + path, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', Authorization: 'josh', ...headers },
  })

it('carries a payment over real HTTP: challenge, proof, grant, use, and no second use', async () => {
  const challenged = await post('/api/payments/approve', JSON.stringify(payment))
  expect(challenged.status).toBe(401)
  const Cookie = challenged.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  expect(Cookie).toMatch(/^afresh=/)
  const { challenge, nonce } = (await challenged.json()) as Record<string, string>
  const id_token = await op.mint({ nonce })
  const proved = await post('/api/freshness', JSON.stringify({ challenge, id_token }), { Cookie })
  expect(proved.status).toBe(200)
  const { grant = '' } = (await proved.json()) as Record<string, string>
  const use = () => post('/api/payments/approve', JSON.stringify(payment), { Cookie, 'Step-Up-Grant': grant })
  expect((await use()).status).toBe(200)
  expect((await use()).status).toBe(401)
  expect(shop.ledger).toHaveLength(1)
})

it('answers a 1 MB body with a 413 that arrives', async () => {
  const reply = await post('/api/freshness', JSON.stringify({ action: 'a'.repeat(1_000_000) }))
  expect(reply.status).toBe(413)
  expect(await reply.json()).toEqual({ status: 'failed', error: 'payload_too_large' })
  expect((await post('/api/freshness', '{}')).status).toBe(400)
})

it('passes errors on that are not the guard’s', async () => {
  const app = new Hono().onError(guardErrors).get('/', () => {
    throw new TypeError('mine')
  })
  expect(() => guardErrors(new TypeError('mine'))).toThrow(TypeError)
  await expect(async () => app.request('/')).rejects.toThrow('mine')
})
