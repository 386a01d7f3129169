import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { guardErrors } from '../../src/server/hono.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock, openShop, payment, type Shop } from '../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let server: ServerType
let origin: string

async function listen({ fetch }: Hono): Promise<{ server: ServerType; origin: string }> {
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

beforeAll(async () => {
  op = await startOp(clock.now)
  shop = openShop(op, clock)
  ;({ server, origin } = await listen(shop.app))
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

/** Sent in chunks, so that nothing says beforehand how long it is. */
const postStream = (to: string, text: string): Promise<Response> => {
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    body: new Blob([text]).stream(),
    headers: { 'Content-Type': 'application/json' },
    duplex: 'half',
  }
  return fetch(`${to}/api/freshness`, init)
}

it('stops reading at 16 KiB of a body that does not say how long it is, and its 413 arrives', async () => {
  const reply = await postStream(origin, JSON.stringify({ action: 'a'.repeat(1_000_000) }))
  expect(reply.status).toBe(413)
  expect((await post('/api/freshness', '{}')).status).toBe(400)
})

it('reads what a middleware has put in the place of the request', async () => {
  const app = new Hono().use(bodyLimit({ maxSize: 100_000 })).route('/', shop.app)
  const behind = await listen(app)
  const reply = await postStream(behind.origin, JSON.stringify({ action: 'payment.steal' }))
  expect(await reply.json()).toEqual({ status: 'failed', error: 'unknown_action' })
  behind.server.close()
})

it('passes errors on that are not the guard’s', async () => {
  const app = new Hono().onError(guardErrors).get('/', () => {
    throw new TypeError('mine')
  })
  expect(() => guardErrors(new TypeError('mine'))).toThrow(TypeError)
  await expect(async () => app.request('/')).rejects.toThrow('mine')
})
