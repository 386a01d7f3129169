import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parse } from 'node:querystring'
import { text } from 'node:stream/consumers'
import formbody from '@fastify/formbody'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import express4 from 'express4'
import { type FastifyInstance, fastify } from 'fastify'
import { type Context, Hono } from 'hono'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as forExpress from '../../../src/server/frameworks/express.ts'
import * as forFastify from '../../../src/server/frameworks/fastify.ts'
import * as forHono from '../../../src/server/frameworks/hono.ts'
import * as forNext from '../../../src/server/frameworks/next.ts'
import * as forNode from '../../../src/server/frameworks/node.ts'
import type { Logout } from '../../../src/server/index.ts'
import { listen } from '../../support/http.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock, openShop, type Shop } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let stop: () => Promise<unknown>

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  shop = openShop(op, clock)
  stop = async () => {}
})
afterEach(() => stop())

const path = '/backchannel-logout'
const form = 'application/x-www-form-urlencoded'
const verify = (request: Request): Promise<Logout> => shop.guard.verifyLogoutToken(request)

/** Sends a body to the app. */
type Send = (body: string, type: string) => Promise<Response>

const sendTo =
  (origin: string): Send =>
  (body, type) =>
    fetch(origin + path, { method: 'POST', body, headers: { 'Content-Type': type } })

async function serve(listener: Parameters<typeof createServer>[1]): Promise<Send> {
  const server = createServer(listener)
  stop = async () => {
    server.closeAllConnections()
    server.close()
  }
  return sendTo(await listen(server))
}

type Parser = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void

const logoutInExpress = forExpress.asyncHandler(
  async (req: forExpress.ExpressRequest, res: forExpress.ExpressResponse) =>
    forNode.sendResponse(Response.json(await verify(forExpress.toRequest(req))), res),
)
const inExpress4 = (...parsers: Parser[]): Promise<Send> =>
  serve(express4().set('env', 'test').post(path, parsers, logoutInExpress).use(forExpress.guardErrors))
const inExpress5 = (...parsers: Parser[]): Promise<Send> =>
  serve(express().set('env', 'test').post(path, parsers, logoutInExpress).use(forExpress.guardErrors))

async function inFastify(prepare: (app: FastifyInstance) => unknown): Promise<Send> {
  const app = fastify({ forceCloseConnections: true })
  prepare(app)
  app.register(async scope => scope.post(path, request => verify(forFastify.toRequest(request))))
  app.setErrorHandler(forFastify.guardErrors)
  stop = () => app.close()
  return sendTo(await app.listen({ port: 0, host: '127.0.0.1' }))
}

function inHono(read: (c: Context) => unknown): Promise<Send> {
  const app = new Hono()
  app.use(async (c, next) => {
    await read(c)
    await next()
  })
  app.post(path, async c => c.json(await verify(await forHono.toRequest(c))))
  app.onError(forHono.guardErrors)
  return serve(getRequestListener(app.fetch))
}

/** @param parse what stands in `body` afterwards. Without it, the body is not read before */
function inNode(parse?: (body: string) => unknown): Promise<Send> {
  const listener = async (req: IncomingMessage, res: ServerResponse) => {
    if (parse) Object.assign(req, { body: parse(await text(req)) })
    await forNode.sendResponse(Response.json(await verify(forNode.toRequest(req))), res)
  }
  return serve(forNode.guarded(listener))
}

async function inNext(): Promise<Send> {
  const POST = forNext.guarded(async (request: Request) => Response.json(await verify(request)))
  return (body, type) => {
    const init = { method: 'POST', body, headers: { 'Content-Type': type } }
    return POST(new Request(`https://api.example${path}`, init))
  }
}

/** As the docstring of Fastify's `toRequest` has it. */
const passOn = (app: FastifyInstance): unknown =>
  app.addContentTypeParser(form, (_request, payload, done) => done(null, payload))
const everything = { type: '*/*' }

const inEachExpress = [
  ['Express 4', express4, inExpress4],
  ['Express 5', express, inExpress5],
] as const
const behindExpress = inEachExpress.flatMap(([name, { json, raw, text, urlencoded }, open]) =>
  [
    ['no parser', []],
    ['urlencoded()', [urlencoded({ extended: false })]],
    ['urlencoded() of qs', [urlencoded({ extended: true })]],
    ['raw()', [raw(everything)]],
    ['text()', [text(everything)]],
    ['all of them', [json(), urlencoded({ extended: true }), raw(), text()]],
  ].map(([parser, parsers]): [string, () => Promise<Send>] => [
    `${name} behind ${parser}`,
    () => open(...(parsers as Parser[])),
  ]),
)

describe.each<[string, () => Promise<Send>]>([
  ...behindExpress,
  ['Fastify, whose parser passes the stream on', () => inFastify(passOn)],
  ['Fastify with @fastify/formbody', () => inFastify(app => app.register(formbody))],
  [
    'Fastify with a parser that makes text of it',
    () =>
      inFastify(app =>
        app.addContentTypeParser(form, { parseAs: 'string' }, async (_: unknown, body: unknown) => body),
      ),
  ],
  ['Hono', () => inHono(() => {})],
  ['Hono after parseBody()', () => inHono(c => c.req.parseBody())],
  ['Hono after formData()', () => inHono(c => c.req.formData())],
  ['Hono after text()', () => inHono(c => c.req.text())],
  ['Node', () => inNode()],
  ['Node, where a parser has read it', () => inNode(parse)],
  ['Next', inNext],
])('a logout request in %s', (_, open) => {
  let send: Send
  let token: string
  beforeEach(async () => {
    send = await open()
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
    const claims = { jti: crypto.randomUUID(), sid: 's1', events, auth_time: undefined }
    token = await op.mint(claims, { header: { typ: 'logout+jwt' } })
  })

  it('is understood, with what else the OP sends', async () => {
    const reply = await send(`state=a&logout_token=${token}&state=b`, `${form}; charset=utf-8`)
    expect([reply.status, await reply.json()]).toMatchObject([200, { sub: 'josh', sid: 's1' }])
  })

  it('is refused when it has two tokens, no token or a forged one, and the right one counts afterwards', async () => {
    for (const body of [`logout_token=${token}&logout_token=${token}`, 'a=b', `logout_token=${token}A`]) {
      const reply = await send(body, form)
      expect([reply.status, (await reply.json()).error]).toEqual([400, 'invalid_request'])
    }
    expect((await send(`logout_token=${token}`, form)).status).toBe(200)
  })
})

it.each<[string, () => Promise<Send>]>([
  ['Node', () => inNode(() => undefined)],
  ['Hono', () => inHono(c => c.req.raw.text())],
])('a body that was read before, and is gone, is a mistake in the set-up in %s', async (_, open) => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  const send = await open()
  expect((await send('logout_token=x', form)).status).toBe(500)
  expect(log.mock.calls).toMatchObject([[{ code: 'configuration_invalid' }]])
  log.mockRestore()
})
