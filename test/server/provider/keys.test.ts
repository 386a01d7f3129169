import { decodeJwt, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, type Reply, type Shop } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let josh: Browser

beforeEach(async () => {
  clock.time = 1_800_000_000
  op = await startOp(clock.now)
  shop = openShop(op, clock)
  josh = new Browser(shop.app)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await op.close()
})

const unavailable = { status: 503, body: { status: 'failed', error: 'temporarily_unavailable' } }
const ask = async (token = op.mint({ auth_time: 0 })): Promise<Reply> =>
  josh.ask({ action: 'email.change', id_token: await token })

describe("the OP's keys", () => {
  it('are fetched once, also for requests that come together', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask()))
    expect(replies.map(reply => reply.status)).toEqual(Array(10).fill(401))
    expect((await ask()).status).toBe(401)
    expect(op.requests).toMatchObject({ discovery: 1, jwks: 1 })
  })

  it('are not fetched for a token whose header rules it out', async () => {
    expect((await ask(op.mint({}, { alg: 'HS256' }))).status).toBe(403)
    expect((await ask(op.mint({}, { alg: 'none' }))).status).toBe(403)
    expect(op.requests).toMatchObject({ discovery: 0, jwks: 0 })
  })

  it('come from jwksUri without discovery where the options say so', async () => {
    josh.app = openShop(op, clock, { jwksUri: `${op.issuer}/jwks` }).app
    expect((await ask()).status).toBe(401)
    expect(op.requests).toMatchObject({ discovery: 0, jwks: 1 })
  })

  it('come through the fetch of the options', async () => {
    const urls: string[] = []
    const spy: typeof fetch = (input, init) => {
      urls.push(String(input))
      return fetch(input, init)
    }
    josh.app = openShop(op, clock, { fetch: spy }).app
    await ask()
    expect(urls).toEqual([`${op.issuer}/.well-known/openid-configuration`, `${op.issuer}/jwks`])
  })

  it('are found for each algorithm that one of them signs with', async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    const { kty, n, e, ...secret } = await exportJWK(privateKey)
    const key = { kty, n, e, kid: 'one' }
    const publish: typeof fetch = async url =>
      String(url).endsWith('/jwks') ? Response.json({ keys: [key] }) : fetch(url)
    josh.app = openShop(op, clock, { fetch: publish }).app
    const claims = decodeJwt(await op.mint({ auth_time: 0 }))
    for (const alg of ['RS256', 'PS256', 'RS256']) {
      const signer = await importJWK({ ...key, ...secret } as JWK, alg)
      const token = new SignJWT(claims).setProtectedHeader({ alg, kid: key.kid }).sign(signer)
      expect((await ask(token)).status).toBe(401)
    }
  })

  it('are found under an issuer that ends in a slash', async () => {
    const issuer = `${op.issuer}/`
    op.metadata = { issuer }
    josh.app = openShop(op, clock, { issuer }).app
    expect((await ask(op.mint({ iss: issuer, auth_time: 0 }))).status).toBe(401)
  })
})

describe('an OP that cannot be had is a 503, and asking again later helps', () => {
  it.each<[string, () => void, () => void]>([
    ['down', () => (op.down = true), () => (op.down = false)],
    ['of another issuer', () => (op.metadata = { issuer: 'https://evil.example' }), () => (op.metadata = {})],
    ['without jwks_uri', () => (op.metadata = { jwks_uri: undefined }), () => (op.metadata = {})],
    [
      'with keys by plain HTTP',
      () => (op.metadata = { jwks_uri: 'http://op.example/' }),
      () => (op.metadata = {}),
    ],
    ['with keys nowhere', () => (op.metadata = { jwks_uri: `${op.issuer}/nothing` }), () => {}],
  ])('%s', async (name, breakOp, mend) => {
    breakOp()
    const reply = await ask()
    expect(reply).toMatchObject(unavailable)
    expect(reply.headers.get('Retry-After')).toBe('5')
    expect(shop.errors).toHaveLength(1)
    mend()
    clock.advance(1)
    expect((await ask()).status).toBe(name === 'with keys nowhere' ? 503 : 401)
  })

  it('while a proof is verified: the same proof works later', async () => {
    op.down = true
    const { body } = await josh.approve()
    clock.advance(1)
    const proof = await op.mint({ nonce: body.nonce })
    expect(await josh.prove(body.challenge, proof)).toMatchObject(unavailable)
    op.down = false
    clock.advance(1)
    expect(await josh.prove(body.challenge, proof)).toMatchObject({
      status: 200,
      body: { status: 'granted' },
    })
  })

  it.each(['discovery', 'keys'])('when its %s do not come within 5 s', async what => {
    const limits: number[] = []
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(milliseconds => {
      limits.push(milliseconds)
      const controller = new AbortController()
      setImmediate(() => controller.abort(new DOMException('', 'TimeoutError')))
      return controller.signal
    })
    op.hangs = true
    josh.app = openShop(op, clock, what === 'keys' ? { jwksUri: `${op.issuer}/jwks` } : {}).app
    expect(await ask()).toMatchObject(unavailable)
    expect(limits).toEqual([5000])
  })

  it('is asked once a second at most', async () => {
    op.metadata = { jwks_uri: undefined }
    for (const _ of [1, 2, 3]) expect(await ask()).toMatchObject(unavailable)
    expect(op.requests.discovery).toBe(1)
    clock.advance(1)
    await Promise.all([ask(), ask(), ask()])
    expect(op.requests.discovery).toBe(2)
  })
})

describe('keys outlive their ten minutes while they cannot be renewed', () => {
  const session = (): Promise<string> => op.mint({ auth_time: 0 })

  it.each<[string, number, number | undefined, number]>([
    ['in their last second', 599, undefined, 401],
    ['then', 600, undefined, 401],
    ['for an hour', 600 + 3599, undefined, 401],
    ['no longer', 600 + 3600, undefined, 503],
    ['for as long as the options say', 600 + 59, 60, 401],
    ['no longer than the options say', 600 + 60, 60, 503],
    ['not at all if the options say so', 600, 0, 503],
  ])('%s', async (_, seconds, jwksGrace, status) => {
    shop = openShop(op, clock, { ...(jwksGrace !== undefined && { jwksGrace }) })
    josh.app = shop.app
    await ask()
    op.down = true
    clock.advance(seconds)
    expect((await ask(session())).status).toBe(status)
    expect(shop.errors).toHaveLength(seconds < 600 ? 0 : 1)
  })

  it('and no request waits for the OP meanwhile', async () => {
    let fetches = 0
    const counting: typeof fetch = (input, init) => {
      fetches++
      return fetch(input, init)
    }
    josh.app = openShop(op, clock, { fetch: counting, onError: () => {} }).app
    await ask()
    op.down = true
    clock.advance(600)
    fetches = 0
    const statuses: number[] = []
    for (const seconds of [0, 10, 19, 1]) {
      clock.advance(seconds)
      statuses.push((await ask(session())).status, fetches)
    }
    expect(statuses).toEqual([401, 1, 401, 1, 401, 1, 401, 2])
  })

  it('but are gone at once when the OP says so', async () => {
    await ask()
    const old = op.mint({ auth_time: 0, exp: clock.time + 3600 })
    await old
    await op.rotate()
    clock.advance(599)
    expect((await ask(old)).status).toBe(401)
    clock.advance(1)
    expect((await ask(old)).status).toBe(403)
  })
})

describe('a token with an unknown kid', () => {
  it('is good when the OP rotated its keys just before it signed', async () => {
    await ask()
    await op.rotate()
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask()))
    expect(replies.map(reply => reply.status)).toEqual(Array(10).fill(401))
    expect(op.requests).toMatchObject({ discovery: 2, jwks: 2 })
  })

  it.each<[string, number]>([
    ['while the old ones are fresh', 60],
    ['once the old ones are due', 600],
  ])(
    'is good when the OP publishes its keys elsewhere, and old ones at the old place: %s',
    async (_, after) => {
      const old: unknown = await (await fetch(`${op.issuer}/jwks`)).json()
      const moving: typeof fetch = async (input, init) => {
        if (String(input) === `${op.issuer}/jwks`) return Response.json(old)
        return fetch(String(input).replace('/moved', '/jwks'), init)
      }
      josh.app = openShop(op, clock, { fetch: moving }).app
      await ask()
      await op.rotate()
      op.metadata = { jwks_uri: `${op.issuer}/moved` }
      clock.advance(after)
      expect((await ask()).status).toBe(401)
    },
  )

  it('causes one fetch in 30 s, and is a 503 in between', async () => {
    await ask()
    await op.rotate()
    await ask()
    await op.rotate()
    const rotated = op.mint({ auth_time: 0 })
    clock.advance(10)
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask(rotated)))
    for (const reply of replies) {
      expect(reply).toMatchObject(unavailable)
      expect(reply.headers.get('Retry-After')).toBe('20')
    }
    clock.advance(19)
    expect(await ask(rotated)).toMatchObject(unavailable)
    expect(op.requests.jwks).toBe(2)
    clock.advance(1)
    expect((await ask(rotated)).status).toBe(401)
    expect(op.requests.jwks).toBe(3)
  })

  it('is denied when keys fetched after it came do not have it either', async () => {
    const unknown = op.mint({}, { header: { kid: 'nobody' } })
    expect(await ask(unknown)).toMatchObject({ status: 403, body: { error: 'invalid_token' } })
    expect(op.requests.jwks).toBe(1)
    expect(await ask(unknown)).toMatchObject({ status: 403, body: { error: 'invalid_token' } })
    expect(op.requests.jwks).toBe(2)
  })

  it('is a 503 when the fetch for it fails, and keeps the known keys good', async () => {
    await ask()
    op.down = true
    expect(await ask(op.mint({}, { header: { kid: 'nobody' } }))).toMatchObject(unavailable)
    expect((await ask()).status).toBe(401)
  })
})

describe('a token without kid', () => {
  it('is good where one key fits', async () => {
    expect((await ask(op.mint({ auth_time: 0 }, { header: { kid: undefined } }))).status).toBe(401)
  })

  it('is denied where several keys fit', async () => {
    const twoKeys: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      if (!String(input).endsWith('/jwks')) return response
      const { keys }: { keys: object[] } = await response.json()
      return Response.json({ keys: [...keys, { ...keys[0], kid: 'second' }] })
    }
    josh.app = openShop(op, clock, { fetch: twoKeys }).app
    const reply = await ask(op.mint({ auth_time: 0 }, { header: { kid: undefined } }))
    expect(reply).toMatchObject({ status: 403, body: { error: 'invalid_token' } })
  })
})
