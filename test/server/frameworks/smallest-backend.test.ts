import { Hono } from 'hono'
import { bearerAuth } from 'hono/bearer-auth'
import { HTTPException } from 'hono/http-exception'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { freshness, guardErrors } from '../../../src/server/frameworks/hono.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, payment } from '../../support/shop.ts'

// The smallest backend, without a database, behind a middleware that takes access tokens.
const clock = new ManualClock()
let op: ScriptedOp
let app: Hono
let josh: Browser

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
afterEach(() => {
  vi.restoreAllMocks()
})

const personOf = async (authorization = ''): Promise<string> => authorization.replace('Bearer token-of-', '')

beforeEach(() => {
  const { guard } = openShop(op, clock)
  app = new Hono()
  app.use('/api/*', bearerAuth({ verifyToken: token => token.startsWith('token-of-') }))
  app.all('/api/freshness', freshness(guard))
  app.post('/api/payments/:id', async c => {
    const { cents, to } = await c.req.json()
    const context = { id: c.req.param('id'), cents, to }
    const subject = await personOf(c.req.header('Authorization'))
    const record = await guard.require(c.req.raw, 'payment.approve', { subject, context })
    return c.json({ approvedBy: record.subject, authenticatedAt: record.authTime })
  })
  app.post('/api/teapot', () => {
    throw new HTTPException(418, { message: 'short and stout' })
  })
  app.post('/api/broken', c => {
    c.header('X-Request-Id', '7')
    throw new TypeError('broken')
  })
  app.onError(guardErrors)
  josh = new Browser(app)
  josh.subject = 'Bearer token-of-josh'
})

const approve = (grant?: string) => {
  return josh.send('/api/payments/p1', payment, grant === undefined ? {} : { 'Step-Up-Grant': grant })
}

it('the smallest backend carries a step-up from Ask to Use', async () => {
  const { status, body } = await approve()
  expect([status, body.status]).toEqual([401, 'challenged'])
  clock.advance(1)
  const proof = await op.mint({ nonce: body.nonce })
  const proved = await josh.prove(body.challenge, proof)
  expect(proved).toMatchObject({ status: 200, body: { status: 'granted' } })
  expect(await approve(proved.body.grant)).toMatchObject({ status: 200, body: { approvedBy: 'josh' } })
  expect((await approve(proved.body.grant)).status).toBe(401)
})

const post = (path: string, authorization = 'Bearer token-of-josh') =>
  app.request(path, { method: 'POST', headers: { Authorization: authorization } })

it.each(['/api/freshness', '/api/payments/p1'])(
  'the smallest backend leaves bearerAuth its 401 at %s',
  async path => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const reply = await post(path, 'Bearer garbage')
    expect(reply.status).toBe(401)
    expect(reply.headers.get('WWW-Authenticate')).toContain('error="invalid_token"')
    expect(await reply.text()).toBe('Unauthorized')
    expect(log).not.toHaveBeenCalled()
  },
)

it.each([
  ['/api/nowhere', 404, '404 Not Found'],
  ['/api/teapot', 418, 'short and stout'],
])('the smallest backend leaves %s its %i', async (path, status, text) => {
  const reply = await post(path)
  expect([reply.status, await reply.text()]).toEqual([status, text])
})

it('the smallest backend answers any other error with 500 and logs it, as Hono does', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  const reply = await post('/api/broken')
  expect([reply.status, await reply.text()]).toEqual([500, 'Internal Server Error'])
  expect(reply.headers.get('X-Request-Id')).toBe('7')
  expect(log).toHaveBeenCalledExactlyOnceWith(new TypeError('broken'))
})
