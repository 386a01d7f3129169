import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { contextHash, type FreshnessStore, memoryStore } from '../../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, payment, type Shop } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let session: string

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(async () => {
  clock.time = 1_800_000_000
  shop = openShop(op, clock)
  session = await op.mint({ auth_time: clock.time - 3600 })
})

const url = 'https://api.example/api/freshness'

interface Call extends Omit<RequestInit, 'headers'> {
  readonly url?: string
  readonly headers?: Record<string, string>
}

async function call({ url: to = url, headers = {}, ...init }: Call) {
  const type = { 'Content-Type': 'application/json' }
  const request = new Request(to, { method: 'POST', ...init, headers: { ...type, ...headers } })
  const response = await shop.guard.handler(request)
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
}

const ask = (headers: Record<string, string> = {}, to = url) =>
  call({ url: to, headers, body: JSON.stringify({ action: 'email.change', id_token: session }) })

describe('the endpoint with bad input', () => {
  const good = { action: 'email.change', id_token: 'x' }
  const json = (body: unknown): Call => ({ body: JSON.stringify(body) })
  const context_hash = 'A'.repeat(43)

  it.each<[string, Call, number, string]>([
    ['GET', { method: 'GET' }, 405, 'method_not_allowed'],
    ['PUT', { method: 'PUT', ...json(good) }, 405, 'method_not_allowed'],
    ['DELETE', { method: 'DELETE' }, 405, 'method_not_allowed'],
    [
      'text/plain',
      { ...json(good), headers: { 'Content-Type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a form',
      { body: 'action=x', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    [
      'almost JSON by type',
      { ...json(good), headers: { 'Content-Type': 'application/jsonp' } },
      415,
      'unsupported_media_type',
    ],
    ['1 MB', { body: `{"action":"${'a'.repeat(1_000_000)}"}` }, 413, 'payload_too_large'],
    ['one byte too many', { body: `"${'a'.repeat(16 * 1024 - 1)}"` }, 413, 'payload_too_large'],
    ['too many bytes in few characters', { body: `"${'é'.repeat(9000)}"` }, 413, 'payload_too_large'],
    ['just small enough', { body: `"${'a'.repeat(16 * 1024 - 2)}"` }, 400, 'invalid_request'],
    ['no body', {}, 400, 'invalid_request'],
    ['invalid JSON', { body: '{"action":' }, 400, 'invalid_request'],
    [
      'bytes that are no UTF-8',
      { body: Buffer.from('{"action":"\xff","id_token":"x"}', 'latin1') },
      400,
      'invalid_request',
    ],
    ['a list', json([good]), 400, 'invalid_request'],
    ['null', json(null), 400, 'invalid_request'],
    ['text', json('payment.approve'), 400, 'invalid_request'],
    ['nothing', json({}), 400, 'invalid_request'],
    ['an unknown field', json({ ...good, contexthash: context_hash }), 400, 'invalid_request'],
    [
      'a __proto__ field',
      { body: '{"action":"email.change","id_token":"x","__proto__":{}}' },
      400,
      'invalid_request',
    ],
    ['no action', json({ id_token: 'x' }), 400, 'invalid_request'],
    ['no id_token', json({ action: 'email.change' }), 400, 'invalid_request'],
    ['an action of another type', json({ ...good, action: ['email.change'] }), 400, 'invalid_request'],
    ['an empty action', json({ ...good, action: '' }), 400, 'invalid_request'],
    ['an id_token of another type', json({ ...good, id_token: 1 }), 400, 'invalid_request'],
    ['a null context_hash', json({ ...good, context_hash: null }), 400, 'invalid_request'],
    ['a short context_hash', json({ ...good, context_hash: context_hash.slice(1) }), 400, 'invalid_request'],
    [
      'a context_hash that is no base64url',
      json({ ...good, context_hash: `${context_hash.slice(1)}+` }),
      400,
      'invalid_request',
    ],
    [
      'no context_hash where it is required',
      json({ ...good, action: 'payment.approve' }),
      400,
      'invalid_request',
    ],
    ['an unknown action', json({ ...good, action: 'payment.steal' }), 400, 'unknown_action'],
    ['the action constructor', json({ ...good, action: 'constructor' }), 400, 'unknown_action'],
    ['the action toString', json({ ...good, action: 'toString' }), 400, 'unknown_action'],
    ['the action __proto__', json({ ...good, action: '__proto__' }), 400, 'unknown_action'],
    ['a proof of two kinds', json({ challenge: 'x', id_token: 'x', code: 'x' }), 400, 'invalid_request'],
    ['a code without state', json({ challenge: 'x', code: 'x' }), 400, 'invalid_request'],
    ['an empty iss', json({ challenge: 'x', code: 'x', state: 'x', iss: '' }), 400, 'invalid_request'],
    ['a push of more than its challenge', json({ challenge: 'x', prompt: 'none' }), 400, 'invalid_request'],
    [
      'a null context_hash beside a context',
      json({ ...good, context: payment, context_hash: null }),
      400,
      'invalid_request',
    ],
    ['a context without its hash', json({ ...good, context: payment }), 400, 'invalid_request'],
    ['a null context without its hash', json({ ...good, context: null }), 400, 'invalid_request'],
    ['ui_locales of another type', json({ ...good, ui_locales: ['en'] }), 400, 'invalid_request'],
    ['a proof that is also a question', json({ ...good, challenge: 'x' }), 400, 'invalid_request'],
    ['a challenge of another type', json({ challenge: {}, id_token: 'x' }), 400, 'invalid_request'],
  ])('%s', async (_, request, status, error) => {
    const reply = await call(request)
    expect(reply).toMatchObject({ status, body: { status: 'failed', error } })
    const { error_description: _description, ...fixed } = reply.body
    expect(Object.keys(fixed)).toEqual(['status', 'error'])
    expect(reply.headers.get('Content-Type')).toMatch(/^application\/json/)
    expect(reply.headers.get('Cache-Control')).toBe('no-store')
    expect(reply.headers.get('Allow')).toBe(status === 405 ? 'POST, OPTIONS' : null)
    expect(shop.errors).toEqual([])
  })

  it.each([
    ['does not say how long it is', {}],
    ['says that it is short', { 'Content-Length': '2' }],
  ])('stops reading at 16 KiB of an endless body that %s', async (_, headers) => {
    let pulled = 0
    const body = new ReadableStream({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(1024).fill(0x20))
      },
    })
    const request: Call & { duplex: 'half' } = { body, headers, duplex: 'half' }
    expect((await call(request)).status).toBe(413)
    expect(pulled).toBeLessThan(20)
  })

  it.each<[string, number]>([
    ['16385', 413],
    ['1e9', 413],
    ['-', 413],
    ['2', 413],
  ])('answers 20,000 bytes that claim to be %s with %i', async (length, status) => {
    const request = { body: `"${'a'.repeat(20_000)}"`, headers: { 'Content-Length': length } }
    expect((await call(request)).status).toBe(status)
  })

  it('answers a body that breaks off with 400', async () => {
    const body = new ReadableStream({ start: controller => controller.error(new Error('reset')) })
    const request: Call & { duplex: 'half' } = { body, duplex: 'half' }
    expect((await call(request)).status).toBe(400)
  })

  it('reports a body that the app has read before: no browser can mend that', async () => {
    const headers = { 'Content-Type': 'application/json' }
    const request = new Request(url, { method: 'POST', headers, body: JSON.stringify(good) })
    await request.text()
    expect((await shop.guard.handler(request)).status).toBe(503)
    expect(shop.errors).toEqual([expect.objectContaining({ code: 'configuration_invalid' })])
  })

  it.each(['application/json; charset=utf-8', 'Application/JSON'])('does not take %s', async type => {
    expect((await ask({ 'Content-Type': type })).status).toBe(401)
  })

  it('judges by the clock after the body has come, however slowly', async () => {
    const fresh = await op.mint({ auth_time: clock.time })
    const text = JSON.stringify({ action: 'email.change', id_token: fresh })
    const body = new ReadableStream({
      pull(controller) {
        clock.advance(3600)
        controller.enqueue(new TextEncoder().encode(text))
        controller.close()
      },
    })
    const request: Call & { duplex: 'half' } = { body, duplex: 'half' }
    expect((await call(request)).status).toBe(401)
  })
})

describe('pages of other origins', () => {
  const app = 'https://app.example'
  beforeEach(() => {
    shop = openShop(op, clock, { origins: [app] })
  })

  it('that are allowed may send cookies and read everything, refusals included', async () => {
    for (const reply of [await ask({ Origin: app }), await call({ body: '{', headers: { Origin: app } })]) {
      expect(reply.headers.get('Access-Control-Allow-Origin')).toBe(app)
      expect(reply.headers.get('Access-Control-Allow-Credentials')).toBe('true')
      expect(reply.headers.get('Access-Control-Expose-Headers')).toBe('WWW-Authenticate, Retry-After, Date')
      expect(reply.headers.get('Vary')).toBe('Origin')
    }
  })

  it('get the same answers from require', async () => {
    const request = new Request('https://api.example/x', { headers: { Origin: app } })
    const error = await shop.guard.require(request, 'email.change', { subject: 'josh' }).catch(e => e)
    const { headers } = error.toResponse()
    expect(headers.get('Access-Control-Allow-Origin')).toBe(app)
    expect(headers.get('Access-Control-Expose-Headers')).toContain('WWW-Authenticate')
    expect(headers.get('Vary')).toBe('Origin')
  })

  it('that are allowed get an answer to their preflight', async () => {
    const reply = await call({ method: 'OPTIONS', headers: { Origin: app, 'Sec-Fetch-Site': 'cross-site' } })
    expect(reply).toMatchObject({ status: 204, body: null })
    expect(reply.headers.get('Access-Control-Allow-Origin')).toBe(app)
    expect(reply.headers.get('Access-Control-Allow-Methods')).toBe('POST')
    expect(reply.headers.get('Access-Control-Allow-Headers')).toBe('Content-Type, Authorization, DPoP')
    expect(reply.headers.get('Access-Control-Max-Age')).toBe('600')
    expect(reply.headers.get('Allow')).toBe('POST, OPTIONS')
  })

  it.each([
    ['another site', { Origin: 'https://evil.example' }],
    ['a sandboxed frame', { Origin: 'null' }],
    ['the same host by plain HTTP', { Origin: 'http://api.example' }],
    ['an origin that ours begins with', { Origin: 'https://api.exam' }],
    ['an origin that begins like ours', { Origin: 'https://api.example.evil.example' }],
    ['an origin that begins like an allowed one', { Origin: `${app}.evil.example` }],
    ['a sister site', { Origin: 'https://evil.api.example', 'Sec-Fetch-Site': 'same-site' }],
  ])('from %s are refused, asking and in preflight', async (_, headers) => {
    for (const reply of [await ask(headers), await call({ method: 'OPTIONS', headers })]) {
      expect(reply).toMatchObject({ status: 403, body: { status: 'failed', error: 'origin_not_allowed' } })
      expect(reply.headers.get('Access-Control-Allow-Origin')).toBeNull()
      expect(reply.headers.get('Set-Cookie')).toBeNull()
    }
  })

  it.each([
    ['ours', { Origin: 'https://api.example' }, url],
    ['ours, behind a proxy that ends TLS', { Origin: 'https://api.example' }, 'http://api.example/f'],
    ['ours, behind one that keeps the port', { Origin: 'https://api.example' }, 'http://api.example:443/f'],
    [
      'ours, behind a proxy that changes Host, as the browser tells',
      { Origin: 'https://api.example', 'Sec-Fetch-Site': 'same-origin' },
      'http://localhost:3000/f',
    ],
    ['no browser', {}, url],
  ])('that send %s may ask, without CORS', async (_, headers, to) => {
    const reply = await ask(headers, to)
    expect(reply.status).toBe(401)
    expect(reply.headers.get('Access-Control-Allow-Origin')).toBeNull()
  })
})

describe('a page of another site', () => {
  const app = 'https://app.example'
  const crossSite = { Origin: app, 'Sec-Fetch-Site': 'cross-site' }
  const refused = { status: 400, body: { status: 'failed', error: 'cross_site' } }
  beforeEach(() => {
    shop = openShop(op, clock, { origins: [app] })
  })

  it('is told at once that no cookie could come back, when it asks, proves or calls without a grant', async () => {
    const josh = new Browser(shop.app)
    const ask = { action: 'email.change', id_token: session }
    expect(await josh.send('/api/freshness', ask, crossSite)).toMatchObject(refused)
    const prove = { challenge: 'a.b.c', id_token: session }
    expect(await josh.send('/api/freshness', prove, crossSite)).toMatchObject(refused)
    const call = await josh.send('/api/email', {}, crossSite)
    expect(call).toMatchObject(refused)
    expect(call.headers.get('Access-Control-Allow-Origin')).toBe(app)
  })

  it.each(['same-origin', 'same-site', 'none'])('is not assumed for a request that says %s', async site => {
    const reply = await ask({ 'Sec-Fetch-Site': site })
    expect(reply.status).toBe(401)
  })

  it('may ask where the key of a DPoP proof binds instead', async () => {
    shop = openShop(op, clock, { origins: [app], dpop: true })
    expect((await ask(crossSite)).body).toMatchObject({ error: 'invalid_dpop_proof' })
  })
})

describe('a log that fails', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('log')
      },
    ],
    ['rejects', () => Promise.reject(new Error('log'))],
  ])('because it %s changes no answer', async (_, onError) => {
    const store = { ...memoryStore(), consume: () => Promise.reject(new Error('store down')) }
    shop = openShop(op, clock, {
      store,
      onError: onError as () => void,
      authenticate: () => {
        throw new Error('x')
      },
    })
    expect((await ask()).status).toBe(503)
    const grant = (
      await new Browser(openShop(op, clock).app).ask({ action: 'email.change', id_token: await op.mint() })
    ).body.grant
    expect(
      (await new Browser(shop.app).send('/api/email', {}, { 'Step-Up-Grant': grant ?? '' })).status,
    ).toBe(401)
  })
})

describe('a store that fails', () => {
  const failing = (method: keyof FreshnessStore): FreshnessStore => ({
    ...memoryStore({ now: clock.now }),
    [method]: () => Promise.reject(new Error('store down')),
  })
  const unavailable = { status: 503, body: { status: 'failed', error: 'temporarily_unavailable' } }

  it.each(['consume', 'redeem'] as const)('in %s is a 503 to a proof, and grants nothing', async method => {
    shop = openShop(op, clock, { store: failing(method) })
    const josh = new Browser(shop.app)
    const { body } = await josh.approve()
    clock.advance(1)
    const reply = await josh.prove(body.challenge, await op.mint({ nonce: body.nonce }))
    expect(reply).toMatchObject(unavailable)
    expect(Object.keys(reply.body)).toEqual(['status', 'error'])
    expect(reply.headers.get('Retry-After')).toBe('5')
    expect(shop.errors).toEqual([new Error('store down')])
  })

  it('is a 503 to the sensitive call, and lets nothing through', async () => {
    const josh = new Browser(shop.app)
    const granted = await josh.ask({ action: 'email.change', id_token: await op.mint() })
    const { grant = '' } = granted.body
    const broken = openShop(op, clock, { store: failing('consume') })
    josh.app = broken.app
    const reply = await josh.send('/api/email', {}, { 'Step-Up-Grant': grant })
    expect(reply).toMatchObject(unavailable)
    expect(reply.headers.get('Retry-After')).toBe('5')
    expect(broken.ledger).toEqual([])
    expect(broken.errors).toEqual([new Error('store down')])
    josh.app = shop.app
    expect((await josh.send('/api/email', {}, { 'Step-Up-Grant': grant })).status).toBe(200)
  })

  it('without a reason is reported all the same', async () => {
    const store = { ...memoryStore({ now: clock.now }), consume: () => Promise.reject() }
    shop = openShop(op, clock, { store, actions: { 'email.change': { maxAge: 300 } } })
    const josh = new Browser(shop.app)
    const { body } = await josh.ask({ action: 'email.change', id_token: await op.mint() })
    const reply = await josh.send('/api/email', {}, { 'Step-Up-Grant': body.grant ?? '' })
    expect(reply).toMatchObject(unavailable)
    expect(shop.errors.map(String)).toEqual([expect.stringContaining('store')])
  })

  it('is reported on the console when there is no onError', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { errors: _, ...quiet } = openShop(op, clock, {
      store: failing('consume'),
      onError: undefined as never,
    })
    const josh = new Browser(quiet.app)
    const { body } = await josh.ask({
      action: 'payment.approve',
      id_token: session,
      context_hash: await contextHash(payment),
    })
    clock.advance(1)
    await josh.prove(body.challenge, await op.mint({ nonce: body.nonce }))
    expect(log).toHaveBeenCalledWith(expect.stringContaining('the guard'), new Error('store down'))
    log.mockRestore()
  })
})
