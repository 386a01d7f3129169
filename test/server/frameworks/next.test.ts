import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshness, guarded } from '../../../src/server/frameworks/next.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, payment, type Shop } from '../../support/shop.ts'

// How Next itself calls route handlers is tested by the example, which is built and started.
const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  shop = openShop(op, clock)
})

/** Next's, which has more than a `Request`. */
class NextRequest extends Request {
  readonly nextUrl: URL = new URL(this.url)
}

const approve = guarded(async (request: NextRequest, { params }: { params: Promise<{ id: string }> }) => {
  const context = { ...(await request.json()), id: (await params).id }
  const subject = request.headers.get('Authorization') ?? ''
  shop.ledger.push(await shop.guard.require(request, 'payment.approve', { subject, context }))
  return Response.json({ status: 'done', path: request.nextUrl.pathname })
})

function serve(request: Request): Promise<Response> {
  const routes = freshness(shop.guard)
  return request.url.endsWith('/api/freshness')
    ? routes[request.method as keyof typeof routes](request)
    : approve(new NextRequest(request), { params: Promise.resolve({ id: payment.id }) })
}

it('the route handlers carry a step-up through, once', async () => {
  const josh = new Browser({ request: serve })
  const { status, body } = await josh.approve()
  expect([status, body.status]).toEqual([401, 'challenged'])
  clock.advance(1)
  const proof = await op.mint({ nonce: body.nonce })
  const { grant } = (await josh.prove(body.challenge, proof)).body
  expect(await josh.approve(payment, grant)).toMatchObject({
    status: 200,
    body: { path: '/api/payments/approve' },
  })
  expect((await josh.approve(payment, grant)).status).toBe(401)
  expect(shop.ledger).toMatchObject([{ subject: 'josh', action: 'payment.approve' }])
})

it('the endpoint makes its guard at the first request, not when Next loads the module', async () => {
  let made = 0
  const { POST } = freshness(() => {
    made++
    return shop.guard
  })
  expect(made).toBe(0)
  const reply = await POST(new Request('https://api.example/api/freshness', { method: 'POST' }))
  expect([reply.status, made]).toEqual([415, 1])
})

it('the endpoint answers a preflight', async () => {
  const preflight = new Request('https://api.example/api/freshness', { method: 'OPTIONS' })
  expect((await serve(preflight)).status).toBe(204)
})

describe('guarded', () => {
  it('throws any other error on', async () => {
    const redirect = Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;replace;/' })
    const request = new Request('https://api.example/')
    await expect(guarded(() => Promise.reject(redirect))(request)).rejects.toBe(redirect)
  })
})
