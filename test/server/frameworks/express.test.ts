import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshness, guardErrors, toRequest } from '../../../src/server/frameworks/express.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, payment } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let server: Server
let josh: Browser
let ledger: unknown[]

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())

async function open(parsesFirst: boolean): Promise<void> {
  const { guard } = openShop(op, clock)
  const app = express()
  ledger = []
  if (parsesFirst) app.use(express.json())
  app.all('/api/freshness', freshness(guard))
  app.use(express.json())
  app.post('/api/payments/approve', async (req, res) => {
    const subject = req.get('Authorization') ?? ''
    expect(toRequest(req)).toBe(toRequest(req))
    ledger.push(await guard.require(toRequest(req), 'payment.approve', { subject, context: req.body }))
    res.json({ status: 'done' })
  })
  app.get('/broken', () => {
    throw new Error('something else')
  })
  app.use(guardErrors)
  app.use(({ status = 500 }, _req: unknown, res: express.Response, _next: unknown) => {
    res.status(status).json({ error: 'other' })
  })
  server = createServer(app)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  josh = new Browser({
    request: request => {
      const { pathname } = new URL(request.url)
      return fetch(new Request(origin + pathname, request))
    },
  })
}

describe.each([
  ['before', true],
  ['after', false],
])('with a body parser %s the endpoint', (_, parsesFirst) => {
  beforeEach(async () => {
    await open(parsesFirst)
    return () => server.close()
  })

  it('a step-up goes through, once', async () => {
    const { status, body } = await josh.approve()
    expect([status, body.status]).toEqual([401, 'challenged'])
    clock.advance(1)
    const proof = await op.mint({ nonce: body.nonce })
    const { grant } = (await josh.prove(body.challenge, proof)).body
    expect((await josh.approve(payment, grant)).status).toBe(200)
    expect((await josh.approve(payment, grant)).status).toBe(401)
    expect(ledger).toMatchObject([{ subject: 'josh', action: 'payment.approve' }])
  })

  it.each([
    ['no JSON', 'nonsense', 400],
    ['more than 16 KiB', JSON.stringify({ action: 'x'.repeat(20_000) }), 413],
  ])('answers %s', async (_what, text, status) => {
    expect((await josh.send('/api/freshness', text)).status).toBe(status)
  })

  it('leaves other errors to the next handler', async () => {
    const { port } = server.address() as AddressInfo
    expect((await fetch(`http://127.0.0.1:${port}/broken`)).status).toBe(500)
    expect((await fetch(`http://127.0.0.1:${port}/api/freshness`)).status).toBe(405)
  })
})
