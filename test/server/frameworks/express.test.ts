import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import express from 'express'
import express4 from 'express4'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { asyncHandler, freshness, guardErrors, toRequest } from '../../../src/server/frameworks/express.ts'
import { createProver } from '../../support/dpop.ts'
import { listen, sendRaw } from '../../support/http.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, payment, type Shop } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let server: Server
let origin: string
let josh: Browser
/** What reached the app's own error handler. */
let errors: unknown[]

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void

/** @param before what the endpoint stands behind */
async function open4(before: Middleware[] = [], beforePayments: Middleware[] = []): Promise<void> {
  shop = openShop(op, clock)
  const app = express4()
  app.set('trust proxy', true)
  app.all('/api/freshness', before, freshness(shop.guard))
  app.post(
    '/api/payments/approve',
    beforePayments,
    express4.json(),
    asyncHandler(async (req: express4.Request, res: express4.Response) => {
      const [subject, context] = [req.get('Authorization') ?? '', req.body]
      shop.ledger.push(await shop.guard.require(toRequest(req), 'payment.approve', { subject, context }))
      res.json({ status: 'done' })
    }),
  )
  app.use(guardErrors)
  app.use(ownHandler)
  await start(createServer(app))
}

async function open5(before: Middleware[] = [], beforePayments: Middleware[] = []): Promise<void> {
  shop = openShop(op, clock)
  const app = express()
  app.set('trust proxy', true)
  app.all('/api/freshness', before, freshness(shop.guard))
  app.post(
    '/api/payments/approve',
    beforePayments,
    express.json(),
    async (req: express.Request, res: express.Response) => {
      const [subject, context] = [req.get('Authorization') ?? '', req.body]
      expect(toRequest(req)).toBe(toRequest(req))
      shop.ledger.push(await shop.guard.require(toRequest(req), 'payment.approve', { subject, context }))
      res.json({ status: 'done' })
    },
  )
  app.use(guardErrors)
  app.use(ownHandler)
  await start(createServer(app))
}

function ownHandler(error: Error, _req: unknown, res: AppResponse, _next: unknown): void {
  errors.push(error)
  res.status(500).json({ error: 'other' })
}
interface AppResponse {
  status(status: number): { json(body: unknown): unknown }
}

async function start(made: Server): Promise<void> {
  errors = []
  server = made
  origin = await listen(server)
  josh = new Browser({
    request: request => fetch(new Request(origin + new URL(request.url).pathname, request)),
  })
}

const everything = { type: '*/*' }

describe.each([
  ['Express 4', open4],
  ['Express 5', open5],
])('in %s', (version, open) => {
  const parsers = version === 'Express 4' ? express4 : express

  it.each<[string, Middleware[]]>([
    ['no parser', []],
    ['json()', [parsers.json()]],
    ['urlencoded()', [parsers.urlencoded({ extended: false })]],
    ['raw()', [parsers.raw()]],
    ['raw() of every type', [parsers.raw(everything)]],
    ['text()', [parsers.text()]],
    ['text() of every type', [parsers.text(everything)]],
    ['all of them', [parsers.json(), parsers.urlencoded({ extended: true }), parsers.raw(), parsers.text()]],
  ])('a step-up goes through once behind %s, and a wrong request gets an answer', async (_, before) => {
    await open(before)
    const { status, body } = await josh.approve()
    expect([status, body.status]).toEqual([401, 'challenged'])
    clock.advance(1)
    const proof = await op.mint({ nonce: body.nonce })
    const { grant } = (await josh.prove(body.challenge, proof)).body
    expect((await josh.approve(payment, grant)).status).toBe(200)
    expect((await josh.approve(payment, grant)).status).toBe(401)
    expect(shop.ledger).toMatchObject([{ subject: 'josh', action: 'payment.approve' }])

    expect((await josh.send('/api/freshness', '[]')).status).toBe(400)
    const long = JSON.stringify({ action: 'x'.repeat(20_000) })
    expect((await josh.send('/api/freshness', long)).status).toBe(413)
    expect(errors).toEqual([])
  })

  it.each<[string, (body: string) => unknown]>([
    ['text', body => body],
    ['a Buffer', body => Buffer.from(body)],
    ['an object', body => JSON.parse(body)],
  ])('the endpoint takes a body that a middleware has read and put down as %s', async (_, put) => {
    const read: Middleware = (req, _res, next) => {
      text(req).then(body => next(void Object.assign(req, { body: put(body) })), next)
    }
    await open([read])
    expect((await josh.ask({ action: 'payment.steal' })).body.error).toBe('unknown_action')
  })

  it('the endpoint says that the body is gone where a middleware has kept it to itself', async () => {
    await open([(req, _res, next) => void text(req).then(() => next(), next)])
    expect((await josh.ask({ action: 'payment.approve' })).status).toBe(500)
    expect(errors).toMatchObject([{ code: 'configuration_invalid' }])
  })

  it('the endpoint answers a body that is 20,000 levels deep', async () => {
    await open([parsers.json({ limit: '1mb' })])
    const deep = '['.repeat(20_000) + ']'.repeat(20_000)
    expect((await josh.send('/api/freshness', deep)).status).toBe(400)
    // So short that its length says nothing.
    const init = { method: 'POST', body: gzipSync(deep) }
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }
    expect((await fetch(`${origin}/api/freshness`, { ...init, headers })).status).toBe(400)
    expect(errors).toEqual([])
  })

  it.each<[string, number, ...string[]]>([
    ['a Host with a path', 400, 'POST /api/freshness HTTP/1.1', 'Host: evil.example/other?'],
    ['a Host with a user’s name', 400, 'POST /api/freshness HTTP/1.1', 'Host: josh@127.0.0.1'],
    ['a Host that is none', 400, 'POST /api/freshness HTTP/1.1', 'Host: [::1'],
    ['an empty Host', 400, 'POST /api/freshness HTTP/1.1', 'Host:'],
    ['no Host', 400, 'POST /api/freshness HTTP/1.0'],
    [
      'a scheme that is none',
      400,
      'POST /api/freshness HTTP/1.1',
      'Host: a',
      'X-Forwarded-Proto: https://e/?',
    ],
    ['a target in absolute form', 415, 'POST http://a/api/freshness HTTP/1.1', 'Host: a'],
    ['TRACE', 405, 'TRACE /api/freshness HTTP/1.1', 'Host: a'],
    ['GET', 405, 'GET /api/freshness HTTP/1.1', 'Host: a'],
  ])('guardErrors answers %s with %i', async (_, status, ...lines) => {
    await open()
    const reply = await sendRaw(origin, lines)
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(reply).toMatch(/^Cache-Control: no-store\r$/im)
    expect(reply).toMatch(/^Vary: Origin\r$/im)
    expect(errors).toEqual([])
  })

  it('guardErrors answers them where the app calls the guard as well', async () => {
    await open()
    const lines = ['POST /api/payments/approve HTTP/1.1', 'Host: evil.example/other?', 'Authorization: josh']
    expect(await sendRaw(origin, lines)).toMatch(/^HTTP\/1.1 400 .*"invalid_request"/s)
    expect(errors).toEqual([])
  })

  it('a DPoP proof counts for the path that was called, whatever Host says', async () => {
    await open()
    const prover = await createProver()
    const proof = await prover.prove('POST', 'http://evil.example/other', clock.time)
    const lines = [`DPoP: ${proof}`, 'Content-Type: application/json', 'Host: evil.example/other?']
    const body = JSON.stringify({ action: 'email.change', id_token: await op.mint() })
    const reply = await sendRaw(origin, ['POST /api/freshness HTTP/1.1', ...lines], body)
    expect(reply).toMatch(/^HTTP\/1.1 400 /)
  })

  it('the endpoint keeps the cookies and the Vary that the app has set, beside its own', async () => {
    const ownHeaders: Middleware = (_req, res, next) => {
      res.setHeader('Set-Cookie', 'session=1')
      res.setHeader('Vary', 'Accept-Encoding')
      next()
    }
    await open([ownHeaders], [ownHeaders])
    const asked = await josh.ask({ action: 'email.change', id_token: await op.mint({ auth_time: 1 }) })
    josh.cookies.clear()
    for (const { status, headers } of [asked, await josh.approve()]) {
      expect(status).toBe(401)
      expect(headers.getSetCookie()).toEqual(['session=1', expect.stringMatching(/^afresh-/)])
      expect(headers.get('Vary')?.split(', ').sort()).toEqual(['Accept-Encoding', 'Origin'])
    }
  })

  it('guardErrors leaves other errors to the next handler', async () => {
    await open()
    const headers = { 'Content-Type': 'application/json' }
    const init = { method: 'POST', body: JSON.stringify({ id: '' }), headers }
    const broken = await fetch(`${origin}/api/payments/approve`, { ...init, body: '{' })
    expect([broken.status, await broken.json()]).toEqual([500, { error: 'other' }])
    // Nobody is signed in.
    const forgotten = await fetch(`${origin}/api/payments/approve`, init)
    expect([forgotten.status, await forgotten.json()]).toEqual([500, { error: 'other' }])
    expect(errors).toMatchObject([{ type: 'entity.parse.failed' }, { code: 'configuration_invalid' }])
  })
})

describe.each([
  ['4', (handler: Middleware) => express4().use(handler).use(ownHandler)],
  ['5', (handler: Middleware) => express().use(handler).use(ownHandler)],
])('asyncHandler in Express %s', (_, make) => {
  it.each([undefined, null, '', 0])('tells the app of a handler that rejects with %j', async reason => {
    await start(createServer(make(asyncHandler(() => Promise.reject(reason)))))
    expect((await fetch(origin)).status).toBe(500)
    expect(errors.map(String)).toEqual([expect.stringContaining('without a reason')])
  })
})

describe('toRequest', () => {
  it('leaves the body to the app until it is asked for it', async () => {
    const app = express()
    app.post('/', async (req, res) => {
      const request = toRequest(req)
      expect(request.headers.get('Content-Type')).toBe('text/plain')
      res.send(await text(req))
    })
    await start(createServer(app))
    const init = { method: 'POST', body: 'all of it', headers: { 'Content-Type': 'text/plain' } }
    expect(await (await fetch(origin, init)).text()).toBe('all of it')
  })
})

it('guardErrors leaves an answer that has begun to Express', async () => {
  shop = openShop(op, clock)
  const app = express()
  app.post('/', async (req, res) => {
    res.write('begun')
    await shop.guard.require(toRequest(req), 'email.change', { subject: 'josh' })
  })
  app.use(guardErrors)
  app.use((error: Error, _req: unknown, _res: unknown, next: (error: Error) => void) => {
    errors.push(error)
    next(error)
  })
  await start(createServer(app.set('env', 'test')))
  await expect(fetch(origin, { method: 'POST' }).then(reply => reply.text())).rejects.toThrow()
  expect(errors).toMatchObject([{ code: 'step_up_required' }])
})
