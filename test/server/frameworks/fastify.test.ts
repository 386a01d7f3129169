import { connect } from 'node:http2'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createGunzip, gzipSync } from 'node:zlib'
import { type FastifyInstance, fastify } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshness, guardErrors, toRequest } from '../../../src/server/frameworks/fastify.ts'
import { sendRaw } from '../../support/http.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, payment, type Shop } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let app: FastifyInstance
let origin: string
let josh: Browser
/** The lines that Fastify has logged. */
let log: { level: number; msg: string }[]

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
afterEach(() => app.close())

const levelError = 50

function make(): FastifyInstance {
  log = []
  const stream = { write: (line: string) => void log.push(JSON.parse(line)) }
  return fastify({ trustProxy: true, forceCloseConnections: true, logger: { level: 'warn', stream } })
}

/** @param prepare what the app does before it has its routes */
async function open(prepare: (app: FastifyInstance) => void = () => {}): Promise<void> {
  shop = openShop(op, clock)
  app = make()
  prepare(app)
  app.register(freshness(shop.guard), { prefix: '/api/freshness' })
  app.post('/api/payments/approve', async request => {
    const [subject, context] = [request.headers.authorization ?? '', request.body]
    expect(toRequest(request)).toBe(toRequest(request))
    shop.ledger.push(await shop.guard.require(toRequest(request), 'payment.approve', { subject, context }))
    return { status: 'done' }
  })
  app.setErrorHandler(guardErrors)
  await start()
}

async function start(): Promise<void> {
  origin = await app.listen({ port: 0, host: '127.0.0.1' })
  josh = new Browser({
    request: request => fetch(new Request(origin + new URL(request.url).pathname, request)),
  })
}

async function stepUp(): Promise<void> {
  const { status, body } = await josh.approve()
  expect([status, body.status]).toEqual([401, 'challenged'])
  clock.advance(1)
  const proof = await op.mint({ nonce: body.nonce })
  const { grant } = (await josh.prove(body.challenge, proof)).body
  expect((await josh.approve(payment, grant)).status).toBe(200)
  expect((await josh.approve(payment, grant)).status).toBe(401)
  expect(shop.ledger).toMatchObject([{ subject: 'josh', action: 'payment.approve' }])
}

describe('the endpoint', () => {
  it.each<[string, (app: FastifyInstance) => void]>([
    ['Fastify’s own parsers', () => {}],
    [
      'a parser of every type',
      app => app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body)),
    ],
    ['a parser of JSON', app => app.addContentTypeParser('application/json', async () => payment)],
  ])('carries a step-up through once beside %s, and answers a wrong request itself', async (_, prepare) => {
    await open(prepare)
    await stepUp()
    const failed = { status: 'failed' }
    expect(await josh.send('/api/freshness', '[]')).toMatchObject({ status: 400, body: failed })
    expect(await josh.send('/api/freshness', '{')).toMatchObject({ status: 400, body: failed })
    const odd = '{"__proto__":1,"action":"payment.steal"}'
    expect(await josh.send('/api/freshness', odd)).toMatchObject({ status: 400, body: failed })
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    expect(await josh.send('/api/freshness', 'a=b', form)).toMatchObject({ status: 415, body: failed })
    const deep = '['.repeat(20_000) + ']'.repeat(20_000)
    for (const body of [deep, JSON.stringify({ action: 'x'.repeat(2_000_000) })])
      expect(await josh.send('/api/freshness', body)).toMatchObject({ status: 413, body: failed })
    expect(log).toEqual([])
  })

  it('reads what a hook has put in the place of the body', async () => {
    await open(app =>
      app.addHook('preParsing', async (_request, _reply, payload) => payload.pipe(createGunzip())),
    )
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }
    const init = { method: 'POST', headers, body: gzipSync('{"action":"payment.steal"}') }
    const reply = await fetch(`${origin}/api/freshness`, init)
    expect(await reply.json()).toMatchObject({ status: 'failed', error: 'unknown_action' })
  })

  it.each<[string, number, ...string[]]>([
    ['a Host with a path', 400, 'POST /api/freshness HTTP/1.1', 'Host: evil.example/other?'],
    ['a Host with a user’s name', 400, 'POST /api/freshness HTTP/1.1', 'Host: josh@127.0.0.1'],
    ['a Host that is none', 400, 'POST /api/freshness HTTP/1.1', 'Host: [::1'],
    ['no Host', 400, 'POST /api/freshness HTTP/1.0'],
    [
      'a scheme that is none',
      400,
      'POST /api/freshness HTTP/1.1',
      'Host: a',
      'X-Forwarded-Proto: https://e/?',
    ],
    ['no type', 415, 'POST /api/freshness HTTP/1.1', 'Host: a'],
    ['a slash at the end', 415, 'POST /api/freshness/ HTTP/1.1', 'Host: a'],
    ['TRACE', 405, 'TRACE /api/freshness HTTP/1.1', 'Host: a'],
    ['GET', 405, 'GET /api/freshness HTTP/1.1', 'Host: a'],
    ['HEAD', 405, 'HEAD /api/freshness HTTP/1.1', 'Host: a'],
    ['DELETE', 405, 'DELETE /api/freshness HTTP/1.1', 'Host: a', 'Content-Type: application/json'],
    ['a preflight', 204, 'OPTIONS /api/freshness HTTP/1.1', 'Host: a', 'Access-Control-Request-Method: POST'],
  ])('answers %s with %i', async (_, status, ...lines) => {
    await open()
    const reply = await sendRaw(origin, lines)
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(reply).toMatch(/^Cache-Control: no-store\r$/im)
    expect(reply).toMatch(/^Vary: Origin\r$/im)
    expect(log).toEqual([])
  })

  it('does not take the whole app when it has no prefix', async () => {
    app = make()
    app.register(freshness(openShop(op, clock).guard))
    await expect(app.ready()).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  it('leaves the app its parsers', async () => {
    await open(app => app.post('/echo', async request => request.body))
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' }
    expect(await (await fetch(`${origin}/echo`, init)).json()).toEqual({ a: 1 })
  })

  it('works over HTTP/2', async () => {
    shop = openShop(op, clock)
    const app2 = fastify({ http2: true })
    app2.register(freshness(shop.guard), { prefix: '/api/freshness' })
    const session = connect(await app2.listen({ port: 0, host: '127.0.0.1' }))
    const head = { ':method': 'POST', ':path': '/api/freshness', 'content-type': 'application/json' }
    const stream = session.request(head).end('{"action":"payment.steal"}')
    expect(JSON.parse(await text(stream))).toMatchObject({ error: 'unknown_action' })
    session.close()
    await app2.close()
  })
})

it('the endpoint and guardErrors keep the cookies and the Vary that the app has set', async () => {
  await open(app =>
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('Set-Cookie', 'session=1').header('Vary', 'Accept-Encoding')
    }),
  )
  const asked = await josh.ask({ action: 'email.change', id_token: await op.mint({ auth_time: 1 }) })
  josh.cookies.clear()
  for (const { status, headers } of [asked, await josh.approve()]) {
    expect(status).toBe(401)
    expect(headers.getSetCookie()).toEqual(['session=1', expect.stringMatching(/^afresh-/)])
    expect(headers.get('Vary')?.split(', ')).toEqual(['Accept-Encoding', 'Origin'])
  }
})

it('the endpoint and guardErrors show the app’s onSend hooks what they answer', async () => {
  const seen: unknown[] = []
  await open(app =>
    app.addHook('onSend', async (_request, reply, payload) => {
      seen.push([reply.statusCode, reply.getHeader('Content-Type'), JSON.parse(String(payload)).status])
    }),
  )
  await josh.send('/api/freshness', '{')
  await josh.approve()
  expect(seen).toEqual([
    [400, 'application/json', 'failed'],
    [401, 'application/json', 'challenged'],
  ])
})

describe('guardErrors', () => {
  const routes = (app: FastifyInstance): void => {
    app.post('/broken', async () => Promise.reject(new TypeError('broken')))
    app.post('/teapot', async () => Promise.reject(Object.assign(new Error('short'), { statusCode: 418 })))
    app.post('/text', async () => Promise.reject('text'))
    app.post('/valid', { schema: { body: { type: 'object', required: ['id'] } } }, async () => 'valid')
  }

  it.each([
    ['/broken', '{}', 500],
    ['/teapot', '{}', 418],
    ['/text', '{}', 500],
    ['/valid', '{}', 400],
    ['/valid', '{', 400],
    ['/nowhere', '{}', 404],
  ])('leaves %s with %s the answer and the log of Fastify, %i', async (path, body, status) => {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }
    const ask = async (): Promise<unknown> => {
      const reply = await fetch(origin + path, init)
      const lines = log.map(({ level, msg }) => ({ level, msg }))
      return { status: reply.status, text: await reply.text(), lines }
    }
    app = make()
    routes(app)
    await start()
    const plain = await ask()
    await app.close()
    await open(routes)
    expect(await ask()).toEqual(plain)
    expect(plain).toMatchObject({ status })
  })

  it('leaves a mistake in the set-up to Fastify, which logs it', async () => {
    await open()
    // Nobody is signed in.
    josh.subject = ''
    expect((await josh.approve()).status).toBe(500)
    expect(log).toMatchObject([{ level: levelError, err: { code: 'configuration_invalid' } }])
  })

  it('leaves an answer that has begun to Fastify', async () => {
    await open(app =>
      app.post('/begun', async (request, reply) => {
        reply.raw.write('begun')
        await shop.guard.require(toRequest(request), 'email.change', { subject: 'josh' })
      }),
    )
    const init = { method: 'POST' }
    await expect(fetch(`${origin}/begun`, init).then(reply => reply.text())).rejects.toThrow()
    expect((await josh.approve()).status).toBe(401)
  })
})

describe('toRequest', () => {
  it.each<[string, (app: FastifyInstance) => void, string]>([
    ['a parser has made of it', () => {}, '{"a":1}'],
    [
      'a parser has kept as a stream',
      app => {
        app.removeContentTypeParser('application/json')
        app.addContentTypeParser('application/json', async (_request: unknown, body: unknown) => body)
      },
      '{"a": 1}',
    ],
    [
      'a hook has put in its place',
      app => {
        app.removeContentTypeParser('application/json')
        app.addContentTypeParser('application/json', async (_request: unknown, body: unknown) => body)
        app.addHook('preParsing', async () => Readable.from([Buffer.from('other')]))
      },
      'other',
    ],
  ])('has the body that %s, also when a hook made it before', async (_, prepare, expected) => {
    app = make()
    app.addHook('onRequest', async request => void toRequest(request))
    prepare(app)
    app.post('/', async request => toRequest(request).text())
    await start()
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"a": 1}' }
    expect(await (await fetch(origin, init)).text()).toBe(expected)
  })

  it('has the body that was parsed, also if its members have the names of a stream’s', async () => {
    app = make()
    app.post('/', async request => toRequest(request).text())
    await start()
    const body = JSON.stringify({ readableDidRead: true, iterator: 1, resume: 2 })
    const answer = await fetch(origin, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    })
    expect(await answer.text()).toBe(body)
  })

  it('has the scheme that trustProxy allows, and the URL before rewriteUrl', async () => {
    app = fastify({ trustProxy: true, rewriteUrl: () => '/inner' })
    app.get('/inner', async request => toRequest(request).url)
    await start()
    const reply = await fetch(`${origin}/outer?a`, { headers: { 'X-Forwarded-Proto': 'https' } })
    expect(await reply.text()).toBe(`${origin.replace('http:', 'https:')}/outer?a`)
  })
})
