import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { freshness, guardErrors } from '../../../src/server/frameworks/hono.ts'
import { sendRaw } from '../../support/http.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock, openShop, payment, type Shop } from '../../support/shop.ts'

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

afterEach(() => {
  vi.useRealTimers()
})

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(origin + path, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', Authorization: 'josh', ...headers },
  })

it('the app carries a payment over real HTTP from challenge to use, and allows no second use', async () => {
  const challenged = await post('/api/payments/approve', JSON.stringify(payment))
  expect(challenged.status).toBe(401)
  const Cookie = challenged.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  expect(Cookie).toMatch(/^afresh-/)
  const { challenge, nonce } = (await challenged.json()) as Record<string, string>
  clock.advance(1)
  const id_token = await op.mint({ nonce })
  const proved = await post('/api/freshness', JSON.stringify({ challenge, id_token }), { Cookie })
  expect(proved.status).toBe(200)
  const { grant = '' } = (await proved.json()) as Record<string, string>
  const use = () => post('/api/payments/approve', JSON.stringify(payment), { Cookie, 'Step-Up-Grant': grant })
  expect((await use()).status).toBe(200)
  expect((await use()).status).toBe(401)
  expect(shop.ledger).toHaveLength(1)
})

it('the endpoint answers a 1 MB body with a 413 that arrives', async () => {
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

it('the endpoint stops reading a body of unknown length at 16 KiB, and its 413 arrives', async () => {
  const reply = await postStream(origin, JSON.stringify({ action: 'a'.repeat(1_000_000) }))
  expect(reply.status).toBe(413)
  expect((await post('/api/freshness', '{}')).status).toBe(400)
})

/** Without a client that has clocks of its own. */
function send(to: string, body: string, length = 9): Socket {
  const head = ['POST /api/freshness HTTP/1.1', 'Host: localhost', 'Content-Type: application/json']
  const socket = connect(Number(new URL(to).port), '127.0.0.1').setEncoding('latin1')
  socket.write([...head, `Content-Length: ${length}`, '', body].join('\r\n'), 'latin1')
  return socket
}

it('the endpoint answers a body that does not come in ten seconds with a 408 that arrives, and goes on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const behind = await listen(openShop(op, clock).app)
  const slow = send(behind.origin, '{"act')
  let reply = ''
  slow.once('data', text => {
    reply = String(text)
  })
  while (reply === '') {
    await vi.advanceTimersByTimeAsync(1000)
    await new Promise(resolve => setImmediate(resolve))
  }
  expect(reply).toMatch(/^HTTP\/1.1 408 /)
  expect(performance.now()).toBeGreaterThanOrEqual(10_000)
  const other = send(behind.origin, '{"act":1}')
  expect((await once(other, 'data'))[0]).toMatch(/^HTTP\/1.1 400 /)
  for (const socket of [slow, other]) socket.destroy()
  behind.server.close()
})

it('the endpoint reads what a middleware has put in the place of the request', async () => {
  const app = new Hono().use(bodyLimit({ maxSize: 100_000 })).route('/', shop.app)
  const behind = await listen(app)
  const reply = await postStream(behind.origin, JSON.stringify({ action: 'payment.steal' }))
  expect(await reply.json()).toMatchObject({ status: 'failed', error: 'unknown_action' })
  behind.server.close()
})

it('the endpoint refuses bytes that are no UTF-8', async () => {
  const body = '{"action":"\xff","id_token":"x"}'
  const socket = send(origin, body, body.length)
  const [reply] = await once(socket, 'data')
  expect(reply).toContain('"invalid_request"')
  socket.destroy()
})

it('the endpoint counts the bytes that a middleware has added beyond Content-Length', async () => {
  const app = new Hono()
    .use(async (c, next) => {
      const inflate = new TransformStream({
        transform: (chunk, controller) => {
          for (let i = 0; i < 10_000; i++) controller.enqueue(chunk)
        },
      })
      const { url, headers, body } = c.req.raw
      const init = { method: 'POST', headers, body: body?.pipeThrough(inflate) ?? null, duplex: 'half' }
      c.req.raw = new Request(url, init)
      await next()
    })
    .route('/', shop.app)
  const behind = await listen(app)
  const other = send(behind.origin, '         ')
  expect((await once(other, 'data'))[0]).toMatch(/^HTTP\/1.1 413 /)
  other.destroy()
  behind.server.close()
})

it('the endpoint counts the body of a request of another class', async () => {
  class OtherRequest extends Request {}
  const headers = { 'Content-Type': 'application/json', 'Content-Length': '2' }
  const init = { method: 'POST', headers, body: ' '.repeat(20_000) }
  expect((await shop.app.fetch(new OtherRequest(`${origin}/api/freshness`, init))).status).toBe(413)
})

describe('after a middleware has read the body', () => {
  it.each<[string, (c: Context) => Promise<unknown>]>([
    ['as JSON', c => c.req.json()],
    ['as text', c => c.req.text()],
    ['as bytes', c => c.req.arrayBuffer()],
    ['as a blob', c => c.req.blob()],
  ])('%s, the endpoint reads it again', async (_, read) => {
    const app = new Hono()
      .use(async (c, next) => {
        await read(c)
        await next()
      })
      .route('/', shop.app)
    const behind = await listen(app)
    const init = {
      method: 'POST',
      body: '{"action":"payment.steal"}',
      headers: { 'Content-Type': 'application/json' },
    }
    const reply = await fetch(`${behind.origin}/api/freshness`, init)
    expect(await reply.json()).toMatchObject({ status: 'failed', error: 'unknown_action' })
    expect((await app.request('/api/freshness', init)).status).toBe(400)
    behind.server.close()
  })

  it('in a way that leaves nothing, the endpoint says that the set-up is wrong', async () => {
    const errors: unknown[] = []
    const app = new Hono()
      .use(async (c, next) => {
        await c.req.raw.text()
        await next()
      })
      .all('/api/freshness', freshness(shop.guard))
      .onError((error, c) => {
        errors.push(error)
        return c.text('', 500)
      })
    const headers = { 'Content-Type': 'application/json' }
    expect((await app.request('/api/freshness', { method: 'POST', body: '{}', headers })).status).toBe(500)
    expect(errors).toMatchObject([{ code: 'configuration_invalid' }])
  })
})

it('the endpoint keeps the cookies and headers that the app has set, and its own', async () => {
  const Origin = 'https://app.example'
  const { guard } = openShop(op, clock, { origins: [Origin] })
  const app = new Hono()
    .use(cors({ origin: Origin, credentials: true }))
    .use(async (c, next) => {
      c.header('X-Request-Id', '7')
      c.header('Set-Cookie', 'session=1')
      await next()
    })
    .all('/api/freshness', freshness(guard))
    .post('/api/email', async c => c.json(await guard.require(c.req.raw, 'email.change', { subject: 'j' })))
    .onError(guardErrors)
  const headers = { 'Content-Type': 'application/json', Origin }
  const ask = JSON.stringify({ action: 'email.change', id_token: await op.mint({ auth_time: 1 }) })
  for (const [path, body] of [
    ['/api/freshness', ask],
    ['/api/email', ''],
  ] as const) {
    const reply = await app.request(path, { method: 'POST', headers, body })
    expect(reply.status).toBe(401)
    expect(await reply.json()).toMatchObject({ status: 'challenged' })
    expect(reply.headers.get('X-Request-Id')).toBe('7')
    expect(reply.headers.getSetCookie()).toEqual(['session=1', expect.stringMatching(/afresh/)])
  }
})

it.each<[string, (c: Context) => void]>([
  ['prepares headers', () => {}],
  ['has touched the answer', c => void c.res],
])('the endpoint keeps the Vary of an app that %s, and its own headers', async (_, touch) => {
  const app = new Hono()
    .use(async (c, next) => {
      touch(c)
      c.header('Vary', 'Accept-Encoding')
      c.header('Cache-Control', 'public')
      await next()
    })
    .route('/', shop.app)
  for (const path of ['/api/freshness', '/api/email']) {
    const { headers } = await app.request(path, { method: 'POST', headers: { Authorization: 'josh' } })
    expect(headers.get('Vary')?.split(', ')).toEqual(['Accept-Encoding', 'Origin'])
    expect(headers.get('Cache-Control')).toBe('no-store')
  }
})

it.each<[string, number, ...string[]]>([
  ['a Host with a path', 400, 'POST /api/freshness HTTP/1.1', 'Host: evil.example/other?'],
  ['a Host with a user’s name', 400, 'POST /api/freshness HTTP/1.1', 'Host: josh@127.0.0.1'],
  ['a Host that is none', 400, 'POST /api/freshness HTTP/1.1', 'Host: [::1'],
  ['a target in absolute form', 415, 'POST http://localhost/api/freshness HTTP/1.1', 'Host: localhost'],
  ['TRACE', 405, 'TRACE /api/freshness HTTP/1.1', 'Host: localhost'],
])('guardErrors answers %s with %i', async (_, status, ...lines) => {
  expect(await sendRaw(origin, lines)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})
