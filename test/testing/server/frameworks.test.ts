import { createServer } from 'node:http'
import * as expressGlue from 'afresh/server/express'
import * as fastifyGlue from 'afresh/server/fastify'
import * as honoGlue from 'afresh/server/hono'
import { createTestGuard } from 'afresh/testing/server'
import express, { type Request as ExpressRequest, type Response as ExpressResponse } from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { listen } from '../../support/http.ts'

const action = 'payment.approve'
const payment = { id: 'p1', cents: 25_000 }
const body = JSON.stringify(payment)

const open = () => createTestGuard({ actions: { [action]: { reauthenticate: true, context: 'required' } } })
type Opened = ReturnType<typeof open>

/** Sends an app a payment with these headers. @returns the status */
type Send = (headers: Readonly<Record<string, string>>) => Promise<number>
/** Serves an app, runs the test, and stops. */
type Serve = (opened: Opened, test: (send: Send, ask: Send) => Promise<void>) => Promise<void>

const json = { 'Content-Type': 'application/json' }
const subject = 'josh'

const hono: Serve = async ({ guard }, test) => {
  const app = new Hono()
  app.all('/api/freshness', honoGlue.freshness(guard))
  app.post('/api/payments', async c => {
    const context = await c.req.raw.clone().json()
    await guard.require(c.req.raw, action, { subject, context })
    return c.json({ status: 'approved' })
  })
  app.onError(honoGlue.guardErrors)
  const send =
    (path: string): Send =>
    async headers =>
      (await app.request(path, { method: 'POST', headers: { ...json, ...headers }, body })).status
  await test(send('/api/payments'), send('/api/freshness'))
}

const expressApp: Serve = async ({ guard }, test) => {
  const app = express()
  app.all('/api/freshness', expressGlue.freshness(guard))
  app.post(
    '/api/payments',
    express.json(),
    expressGlue.asyncHandler(async (req: ExpressRequest, res: ExpressResponse) => {
      await guard.require(expressGlue.toRequest(req), action, { subject, context: req.body })
      res.json({ status: 'approved' })
    }),
  )
  app.use(expressGlue.guardErrors)
  const server = createServer(app)
  const origin = await listen(server)
  const send =
    (path: string): Send =>
    async headers =>
      (await fetch(`${origin}${path}`, { method: 'POST', headers: { ...json, ...headers }, body })).status
  await test(send('/api/payments'), send('/api/freshness'))
  server.close()
}

const fastifyApp: Serve = async ({ guard }, test) => {
  const app = fastify()
  app.register(fastifyGlue.freshness(guard), { prefix: '/api/freshness' })
  app.setErrorHandler(fastifyGlue.guardErrors)
  app.post<{ Body: object }>('/api/payments', async request => {
    await guard.require(fastifyGlue.toRequest(request), action, { subject, context: request.body as object })
    return { status: 'approved' }
  })
  const send =
    (url: string): Send =>
    async headers =>
      (await app.inject({ method: 'POST', url, headers: { ...json, ...headers }, payload: body })).statusCode
  await test(send('/api/payments'), send('/api/freshness'))
  await app.close()
}

describe.each([
  ['Hono', hono],
  ['Express', expressApp],
  ['Fastify', fastifyApp],
] as const)('an app on %s with the guard under test', (_, serve) => {
  it('takes a grant once, and asks for another then', async () => {
    const opened = open()
    await serve(opened, async send => {
      const { headers } = await opened.grantFor(action, { context: payment })
      expect(await send({})).toBe(401)
      expect(await send(headers)).toBe(200)
      expect(await send(headers)).toBe(401)
    })
  })

  it('takes no grant for something else', async () => {
    const opened = open()
    await serve(opened, async send => {
      const { headers } = await opened.grantFor(action, { context: payment, refusedAs: 'context_mismatch' })
      expect(await send(headers)).toBe(401)
    })
  })

  it('serves the endpoint', async () => {
    const opened = open()
    await serve(opened, async (_, ask) => {
      expect(await ask({})).toBe(400)
    })
  })
})
