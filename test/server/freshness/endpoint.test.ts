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

describe('bad input', () => {
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
    ['an unknown field', json({ ...good, context: payment }), 400, 'invalid_request'],
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
    ['a proof without id_token', json({ challenge: 'x' }), 400, 'invalid_request'],
    ['a proof that is also a question', json({ ...good, challenge: 'x' }), 400, 'invalid_request'],
    ['a challenge of another type', json({ challenge: {}, id_token: 'x' }), 400, 'invalid_request'],
  ])('%s', async (_, request, status, error) => {
    const reply = await call(request)
    expect(reply).toMatchObject({ status, body: { status: 'failed', error } })
    expect(Object.keys(reply.body)).toEqual(['status', 'error'])
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
  ])('of 20,000 bytes that says it has %s is %i', async (length, status) => {
    const request = { body: `"${'a'.repeat(20_000)}"`, headers: { 'Content-Length': length } }
    expect((await call(request)).status).toBe(status)
  })

  it('of a body that breaks off is 400', async () => {
    const body = new ReadableStream({ start: controller => controller.error(new Error('reset')) })
    const request: Call & { duplex: 'half' } = { body, duplex: 'half' }
    expect((await call(request)).status).toBe(400)
  })

  it.each(['application/json; charset=utf-8', 'Application/JSON'])('is not %s', async type => {
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
      expect(reply.headers.get('Access-Control-Expose-Headers')).toContain('WWW-Authenticate')
      expect(reply.headers.get('Vary')).toBe('Origin')
    }
  })

  it('get the same from require', async () => {
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
    expect(reply.headers.get('Access-Control-Allow-Headers')).toContain('Content-Type')
  })

  it.each([
    ['another site', { Origin: 'https://evil.example' }],
    ['a sandboxed frame', { Origin: 'null' }],
    ['the same host by plain HTTP', { Origin: 'http://api.example' }],
    ['an origin that begins like ours', { Origin: 'https://api.example.evil.example' }],
    ['an origin that begins like an allowed one', { Origin: `${app}.evil.example` }],
    ['a sister site', { Origin: 'https://evil.api.example', 'Sec-Fetch-Site': 'same-site' }],
  ])('%s is refused, asking and in preflight', async (_, headers) => {
    for (const reply of [await ask(headers), await call({ method: 'OPTIONS', headers })]) {
      expect(reply).toMatchObject({ status: 403, body: { status: 'failed', error: 'origin_not_allowed' } })
      expect(reply.headers.get('Access-Control-Allow-Origin')).toBeNull()
      expect(reply.headers.get('Set-Cookie')).toBeNull()
    }
  })

  it.each([
    ['ours', { Origin: 'https://api.example' }, url],
    ['ours, behind a proxy that ends TLS', { Origin: 'https://api.example' }, 'http://api.example/f'],
    [
      'ours, behind a proxy that changes Host, as the browser tells',
      { Origin: 'https://api.example', 'Sec-Fetch-Site': 'same-origin' },
      'http://localhost:3000/f',
    ],
    ['no browser', {}, url],
  ])('%s: asking is allowed, without CORS', async (_, headers, to) => {
    const reply = await ask(headers, to)
    expect(reply.status).toBe(401)
    expect(reply.headers.get('Access-Control-Allow-Origin')).toBeNull()
  })
})

describe('the binding cookie', () => {
  const cookieOf = (reply: { headers: Headers }) => reply.headers.get('Set-Cookie') ?? ''

  it('cannot be read by scripts, sent by other sites, set by other hosts or read on the wire', async () => {
    const [pair, ...attributes] = cookieOf(await ask()).split('; ')
    expect(pair).toMatch(/^__Host-afresh=[A-Za-z0-9_-]{43}$/)
    expect(attributes).toEqual(['Path=/', 'Max-Age=660', 'HttpOnly', 'SameSite=Strict', 'Secure'])
  })

  it('is prolonged, never changed', async () => {
    const first = cookieOf(await ask())
    const Cookie = `other=1; ${first.split(';')[0]}; more=2`
    expect(cookieOf(await ask({ Cookie }))).toBe(first)
    const granted = await call({
      headers: { Cookie },
      body: JSON.stringify({ action: 'email.change', id_token: await op.mint() }),
    })
    expect(granted.status).toBe(200)
    expect(cookieOf(granted)).toBe(first)
    const request = new Request('https://api.example/x', { headers: { Cookie } })
    const error = await shop.guard.require(request, 'email.change', { subject: 'josh' }).catch(e => e)
    expect(cookieOf(error.toResponse())).toBe(first)
  })

  it.each(['short', `${'A'.repeat(42)};`, `${'A'.repeat(42)}\u00e9`, 'A'.repeat(44), ''])(
    'that we cannot have set (%j) is replaced, not repeated',
    async value => {
      const cookie = cookieOf(await ask({ Cookie: `__Host-afresh=${value}` }))
      expect(cookie).toMatch(/^__Host-afresh=[A-Za-z0-9_-]{43}; /)
      expect(cookie).not.toContain(`=${value};`)
    },
  )

  it.each<[string, string, Record<string, string>, boolean]>([
    ['https', url, {}, true],
    ['http behind a proxy that ends TLS', 'http://api.example/f', { Origin: 'https://api.example' }, true],
    ['http on localhost', 'http://localhost:3000/f', { Origin: 'http://localhost:3000' }, false],
    ['http on 127.0.0.1, no browser', 'http://127.0.0.1:3000/f', {}, false],
    ['http on [::1]', 'http://[::1]:3000/f', {}, false],
    [
      'a proxy that ends TLS and says localhost',
      'http://localhost:3000/f',
      { Origin: 'https://api.example', 'Sec-Fetch-Site': 'same-origin' },
      true,
    ],
    [
      'X-Forwarded-Proto, which anybody can send',
      'https://api.example/f',
      { 'X-Forwarded-Proto': 'http' },
      true,
    ],
    ['a host that begins like localhost', 'http://localhost.example/f', {}, true],
  ])('by %s: secure is %4$s', async (_, to, headers, secure) => {
    const cookie = cookieOf(await ask(headers, to))
    expect(cookie.startsWith(secure ? '__Host-afresh=' : 'afresh=')).toBe(true)
    expect(cookie.endsWith('; Secure')).toBe(secure)
  })

  it('goes by the options where they say so', async () => {
    shop = openShop(op, clock, { cookie: { name: 'shop', secure: false }, challengeTtl: 100 })
    expect(cookieOf(await ask())).toMatch(/^shop=[^;]+; Path=\/; Max-Age=160; HttpOnly; SameSite=Strict$/)
  })

  it('of a plain name counts for nothing where __Host- is due', async () => {
    const planted = `afresh=${'A'.repeat(43)}`
    expect(cookieOf(await ask({ Cookie: planted }))).not.toContain('A'.repeat(43))
  })
})

describe('a store that fails', () => {
  const failing = (method: keyof FreshnessStore): FreshnessStore => ({
    ...memoryStore({ now: clock.now }),
    [method]: () => Promise.reject(new Error('store down')),
  })
  const unavailable = { status: 503, body: { status: 'failed', error: 'temporarily_unavailable' } }

  it.each(['consume', 'advance'] as const)('in %s is a 503 to a proof, and grants nothing', async method => {
    shop = openShop(op, clock, { store: failing(method) })
    const josh = new Browser(shop.app)
    const { body } = await josh.approve()
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

  it('is reported on the console when nobody else listens', async () => {
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
    await josh.prove(body.challenge, await op.mint({ nonce: body.nonce }))
    expect(log).toHaveBeenCalledWith(expect.stringContaining('the guard'), new Error('store down'))
    log.mockRestore()
  })
})
