import { createServer, IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, createServer as createServer2 } from 'node:http2'
import { Socket } from 'node:net'
import { json, text } from 'node:stream/consumers'
import { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  freshness,
  guarded,
  type NodeRequest,
  type NodeResponse,
  sendResponse,
  toRequest,
} from '../../../src/server/frameworks/node.ts'
import { listen, sendRaw } from '../../support/http.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, payment, type Shop } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let server: Server | ReturnType<typeof createServer2>
let origin: string
let josh: Browser

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  shop = openShop(op, clock)
})
afterEach(() => {
  if ('closeAllConnections' in server) server.closeAllConnections()
  server.close()
  vi.restoreAllMocks()
})

/** An app as people write it who need no framework. */
const app = guarded(async (request: NodeRequest & AsyncIterable<Uint8Array>, response: NodeResponse) => {
  if (request.url?.endsWith('/api/freshness')) return freshness(shop.guard)(request, response)
  const subject = String(request.headers.authorization)
  const context = await json(request)
  shop.ledger.push(await shop.guard.require(toRequest(request), 'payment.approve', { subject, context }))
  await sendResponse(Response.json({ status: 'done' }), response)
})

const atOrigin = (request: Request): string => origin + new URL(request.url).pathname

async function open(
  listener: (request: IncomingMessage, response: ServerResponse) => void = app,
): Promise<void> {
  server = createServer(listener)
  origin = await listen(server)
  josh = new Browser({ request: request => fetch(new Request(atOrigin(request), request)) })
}

/** HTTP/2 without TLS. */
async function open2(): Promise<void> {
  server = createServer2(app)
  origin = await listen(server)
  josh = new Browser({
    async request(request) {
      const session = connect(origin)
      const { pathname } = new URL(request.url)
      const head = { ':method': request.method, ':path': pathname, ...Object.fromEntries(request.headers) }
      const stream = session.request(head).end(await request.text())
      const headers = new Headers()
      let status = 0
      stream.on('response', ({ ':status': given, ...lines }) => {
        status = Number(given)
        for (const [name, value] of Object.entries(lines))
          for (const one of [value ?? []].flat()) headers.append(name, String(one))
      })
      const body = await text(stream)
      session.close()
      return new Response(body, { status, headers })
    },
  })
}

describe.each([
  ['HTTP/1.1', open],
  ['HTTP/2', open2],
])('over %s', (_, start) => {
  beforeEach(() => start())

  it('a step-up goes through, once', async () => {
    const { status, body } = await josh.approve()
    expect([status, body.status]).toEqual([401, 'challenged'])
    clock.advance(1)
    const proof = await op.mint({ nonce: body.nonce })
    const { grant } = (await josh.prove(body.challenge, proof)).body
    expect((await josh.approve(payment, grant)).status).toBe(200)
    expect((await josh.approve(payment, grant)).status).toBe(401)
    expect(shop.ledger).toMatchObject([{ subject: 'josh', action: 'payment.approve' }])
  })

  it('an Ask is answered', async () => {
    const { body } = await josh.ask({ action: 'email.change', id_token: await op.mint() })
    expect(body.status).toBe('granted')
  })

  it('a body of 1 MB is answered with a 413 that arrives', async () => {
    const reply = await josh.send('/api/freshness', JSON.stringify({ action: 'x'.repeat(1_000_000) }))
    expect(reply).toMatchObject({ status: 413, body: { error: 'payload_too_large' } })
  })
})

describe('the endpoint', () => {
  it('reads a body that comes in pieces whole', async () => {
    await open()
    const pieces = ['{"action":', '"payment', '.steal"}'].map(text => new TextEncoder().encode(text))
    const body = new ReadableStream({
      async pull(controller) {
        const piece = pieces.shift()
        if (piece) controller.enqueue(piece)
        else controller.close()
      },
    })
    const headers = { 'Content-Type': 'application/json' }
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, headers, duplex: 'half' }
    const reply = await fetch(`${origin}/api/freshness`, init)
    expect(await reply.json()).toMatchObject({ status: 'failed', error: 'unknown_action' })
  })

  it.each<[string, number, ...string[]]>([
    ['a Host with a path', 400, 'POST /api/freshness HTTP/1.1', 'Host: evil.example/other?'],
    ['a Host with a user’s name', 400, 'POST /api/freshness HTTP/1.1', 'Host: josh@127.0.0.1'],
    ['a Host that is none', 400, 'POST /api/freshness HTTP/1.1', 'Host: [::1'],
    ['no Host', 400, 'POST /api/freshness HTTP/1.0'],
    ['a target in absolute form', 415, 'POST http://a/api/freshness HTTP/1.1', 'Host: a'],
    ['TRACE', 405, 'TRACE /api/freshness HTTP/1.1', 'Host: a'],
    ['GET', 405, 'GET /api/freshness HTTP/1.1', 'Host: a'],
    ['HEAD', 405, 'HEAD /api/freshness HTTP/1.1', 'Host: a'],
    ['a preflight', 204, 'OPTIONS /api/freshness HTTP/1.1', 'Host: a'],
  ])('answers %s with %i', async (_, status, ...lines) => {
    await open()
    const reply = await sendRaw(origin, lines)
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(reply).toMatch(/^Cache-Control: no-store\r$/im)
    expect(reply).toMatch(/^Vary: Origin\r$/im)
  })

  it('takes the body that a parser has put down', async () => {
    await open(async (request, response) => {
      await freshness(shop.guard)(Object.assign(request, { body: await json(request) }), response)
    })
    expect((await josh.ask({ action: 'payment.steal' })).body.error).toBe('unknown_action')
  })

  it.each<[string, (request: IncomingMessage) => Promise<unknown>, Shop['guard']['handler']]>([
    ['the body is gone', text, request => shop.guard.handler(request)],
    ['the guard rejects', async () => {}, () => Promise.reject(new Error('broken'))],
  ])('says that %s, with 500, and does not reject', async (_, before, handler) => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    let outcome: Promise<void> | undefined
    await open(async (request, response) => {
      await before(request)
      outcome = freshness({ handler })(request, response)
    })
    const init = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }
    expect((await fetch(origin, init)).status).toBe(500)
    expect(log).toHaveBeenCalledOnce()
    await expect(outcome).resolves.toBeUndefined()
  })
})

describe('guarded', () => {
  it('answers any other error with 500, logs it, and does not reject', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const broken = new TypeError('broken')
    let outcome: Promise<void> | undefined
    await open((request, response) => {
      outcome = guarded(() => Promise.reject(broken))(request, response)
    })
    expect((await fetch(origin)).status).toBe(500)
    expect(log).toHaveBeenCalledExactlyOnceWith(broken)
    await expect(outcome).resolves.toBeUndefined()
  })

  it.each<[string, () => Promise<unknown>]>([
    ['the guard throws', () => shop.guard.require(request(), 'email.change', { subject: 'josh' })],
    ['anything else is thrown', () => Promise.reject(new Error('broken'))],
  ])('cuts the connection when %s after the answer has begun', async (_, work) => {
    vi.spyOn(console, 'error').mockReturnValue()
    await open(
      guarded(async (_request: IncomingMessage, response: ServerResponse) => {
        response.write('begun')
        await work()
      }),
    )
    await expect(fetch(origin).then(reply => reply.text())).rejects.toThrow()
  })

  const request = (): Request => new Request('https://api.example/')
})

describe('toRequest', () => {
  const message = (socket: Socket): IncomingMessage =>
    Object.assign(new IncomingMessage(socket), {
      url: '/a?b',
      method: 'POST',
      headers: { host: 'api.example' },
    })

  it('has the scheme of the connection', () => {
    expect(toRequest(message(new Socket())).url).toBe('http://api.example/a?b')
    expect(toRequest(message(new TLSSocket(new Socket()))).url).toBe('https://api.example/a?b')
  })

  it('is the same each time', () => {
    const once = message(new Socket())
    expect(toRequest(once)).toBe(toRequest(once))
    expect(toRequest(once)).not.toBe(toRequest(message(new Socket())))
  })

  it('throws what can be answered', () => {
    const odd = Object.assign(message(new Socket()), { url: '*' })
    expect(() => toRequest(odd)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})

it.each<[string, string | string[] | undefined, string[]]>([
  ['nothing', undefined, ['Origin']],
  ['the same', 'origin', ['origin']],
  ['others', ['Accept-Encoding, Cookie'], ['Accept-Encoding', 'Cookie', 'Origin']],
  ['everything', '*', ['*']],
])('sendResponse keeps the cookie of the app, and a Vary of %s', async (_, vary, expected) => {
  await open((_request, response) => {
    response.setHeader('Set-Cookie', 'session=1')
    if (vary !== undefined) response.setHeader('Vary', vary)
    const headers = { Vary: 'Origin', 'Set-Cookie': 'a=1' }
    void sendResponse(new Response(null, { headers }), response)
  })
  const reply = await fetch(origin)
  expect(reply.headers.getSetCookie()).toEqual(['session=1', 'a=1'])
  expect(reply.headers.get('Vary')?.split(', ')).toEqual(expected)
})

it('sendResponse sends status, headers, each cookie and bytes', async () => {
  await open((_request, response) => {
    const headers = new Headers({ 'X-One': '1' })
    for (const cookie of ['a=1', 'b=2']) headers.append('Set-Cookie', cookie)
    void sendResponse(new Response(new Uint8Array([0, 255]), { status: 201, headers }), response)
  })
  const reply = await fetch(origin)
  expect([reply.status, reply.headers.get('X-One')]).toEqual([201, '1'])
  expect(reply.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(new Uint8Array(await reply.arrayBuffer())).toEqual(new Uint8Array([0, 255]))
})
