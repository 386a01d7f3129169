import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProviderProfile } from '../../../src/core/provider-profile.ts'
import { entra } from '../../../src/providers/entra.ts'
import { createAccessTokenGuard } from '../../../src/server/access-token.ts'
import { ConfigurationError, GuardError, type Logout, memoryStore } from '../../../src/server/index.ts'
import { type Minting, type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, payment, type Shop } from '../../support/shop.ts'

const start = 1_800_000_000
const clock = new ManualClock()
const event = 'http://schemas.openid.net/event/backchannel-logout'
const url = 'https://api.example/backchannel-logout'
let op: ScriptedOp
let shop: Shop

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = start
  op.down = false
  shop = openShop(op, clock)
})

type Claims = Readonly<Record<string, unknown>>
let made = 0

/** A logout token as the specification has it, but for what the test changes; `undefined` removes. */
function logoutToken(changes: Claims = {}, { header, ...minting }: Minting = {}): Promise<string> {
  const { time } = clock
  const usual = { jti: `logout-${++made}`, sid: 's1', exp: time + 120, events: { [event]: {} } }
  const claims = { ...usual, auth_time: undefined, ...changes }
  return op.mint(claims, { ...minting, header: { typ: 'logout+jwt', ...header } })
}

const form = 'application/x-www-form-urlencoded'
const post = (body: string, type = form): Request =>
  new Request(url, { method: 'POST', body, headers: { 'Content-Type': type } })
const posted = (token: string): Request => post(new URLSearchParams({ logout_token: token }).toString())

/** The logout, or the error. */
function verify(request: Request, { guard } = shop): Promise<Logout | unknown> {
  return guard.verifyLogoutToken(request).catch(error => error)
}

/** What the OP is told, and the log. */
async function refusal(request: Request, at = shop): Promise<Record<string, unknown>> {
  const error = await verify(request, at)
  if (!(error instanceof GuardError)) return { error }
  const response = error.toResponse()
  const { error: code, error_description: description } = await response.json()
  const cache = response.headers.get('Cache-Control')
  return { code: error.code, status: response.status, cache, told: code, description, detail: error.detail }
}

const invalid = { code: 'invalid_request', status: 400, cache: 'no-store', told: 'invalid_request' }

describe('a logout token that holds', () => {
  it('says whose session has ended, where and when', async () => {
    expect(await verify(posted(await logoutToken()))).toEqual({
      ...{ iss: op.issuer, sub: 'josh', sid: 's1', iat: start, subject: 'josh' },
    })
  })

  it.each<[string, Claims, Partial<Logout>]>([
    ['all sessions of the person', { sid: undefined }, { sub: 'josh', sid: undefined, subject: 'josh' }],
    ['a session alone', { sub: undefined }, { sub: undefined, sid: 's1', subject: undefined }],
  ])('may be about %s', async (_, changes, expected) => {
    expect(await verify(posted(await logoutToken(changes)))).toMatchObject(expected)
  })

  it.each<[string, Claims, Minting]>([
    ['a typ as older OPs send it', {}, { header: { typ: 'JWT' } }],
    ['no typ', {}, { header: { typ: undefined } }],
    ['the whole media type', {}, { header: { typ: 'application/logout+jwt' } }],
    ['a key of another algorithm', {}, { alg: 'ES256' }],
    ['another audience beside us', { aud: ['payments', 'other'] }, {}],
    ['a claim that is not known', { trace_id: 1 }, {}],
    ['something to say of the event', { events: { [event]: { why: 'idle' }, other: {} } }, {}],
  ])('may have %s', async (_, changes, minting) => {
    expect(await verify(posted(await logoutToken(changes, minting)))).toMatchObject({ sid: 's1' })
  })

  it('may come with other fields, which are ignored', async () => {
    const body = `state=x&logout_token=${await logoutToken()}&state=y`
    expect(await verify(post(body, `${form}; charset=UTF-8`))).toMatchObject({ sid: 's1' })
  })
})

describe('a logout token is refused', () => {
  it.each<[string, Claims, string]>([
    ['of another issuer', { iss: 'https://evil.example' }, 'iss'],
    ['for another client', { aud: 'other' }, 'aud'],
    ['without an audience', { aud: undefined }, 'aud'],
    ['with a nonce, as an ID Token', { nonce: 'n' }, 'nonce'],
    ['with a nonce that is null', { nonce: null }, 'nonce'],
    ['without an event', { events: undefined }, 'events'],
    ['of another event', { events: { 'http://schemas.openid.net/event/other': {} } }, 'events'],
    ['whose event is text', { events: { [event]: 'yes' } }, 'events'],
    ['whose event is a list', { events: { [event]: [] } }, 'events'],
    ['whose events are a list', { events: [event] }, 'events'],
    ['that names neither person nor session', { sub: undefined, sid: undefined }, 'sub'],
    ['whose person is no text', { sub: 7 }, 'sub'],
    ['whose person is empty', { sub: '' }, 'sub'],
    ['whose session is no text', { sid: { id: 's1' } }, 'sid'],
    ['whose session is null', { sid: null }, 'sid'],
    ['without an id', { jti: undefined }, 'jti is missing'],
    ['with a number for its id', { jti: 7 }, 'jti'],
    ['without iat', { iat: undefined }, 'iat is missing'],
    ['with iat as text', { iat: String(start) }, 'iat'],
    ['with exp as text', { exp: String(start + 60) }, 'exp'],
    ['that is not yet good', { nbf: start + 31 }, 'nbf'],
  ])('%s', async (_, changes, claim) => {
    const said = await refusal(posted(await logoutToken(changes)))
    expect(said).toMatchObject(invalid)
    expect(`${said.description} `.startsWith(`${claim} `)).toBe(true)
    expect(`${said.detail} `.startsWith(`${claim} `)).toBe(true)
  })

  it.each<[string, Minting]>([
    ['signed by another key', { foreignKey: true }],
    ['that is not signed', { alg: 'none' }],
    ['whose key is a public one', { alg: 'HS256' }],
    ['that says that it is an access token', { header: { typ: 'at+jwt' } }],
    ['whose type is no text', { header: { typ: 7 } }],
    ['that names a key which the OP does not publish', { header: { kid: 'unknown' } }],
  ])('%s', async (_, minting) => {
    expect(await refusal(posted(await logoutToken({}, minting)))).toMatchObject(invalid)
  })

  it('is never found with a key that its header points to', async () => {
    const header = { jku: op.foreignJku, jwk: op.foreignJwk }
    const token = await logoutToken({}, { foreignKey: true, header })
    expect(await refusal(posted(token))).toMatchObject(invalid)
    expect(op.requests.foreign).toBe(0)
  })
})

describe('the time of a logout token', () => {
  it.each<[string, Claims, number]>([
    ['until its exp and the skew', { exp: start + 60 }, 60 + 30],
    ['for an hour and the skew, where its exp is later', { exp: start + 86_400 }, 3_600 + 30],
    // Ory Hydra and LemonLDAP::NG send none.
    ['for two minutes and the skew, where it has no exp', { exp: undefined }, 120 + 30],
  ])('it is good %s', async (_, times, seconds) => {
    const [good, old] = [await logoutToken(times), await logoutToken(times)]
    clock.time = start + seconds - 1
    expect(await verify(posted(good))).toMatchObject({ sid: 's1' })
    clock.time = start + seconds
    expect(await refusal(posted(old))).toMatchObject(invalid)
  })

  it.each<[seconds: number, iatLag: number, isGood: boolean]>([
    [30, 0, true],
    [31, 0, false],
    [-270, 300, true],
    [-269, 300, false],
  ])(
    'an iat of %i s from now, at an OP that dates it back by %i s, is good: %s',
    async (ahead, iatLag, isGood) => {
      const dated = openShop(op, clock, { provider: { name: 'dated', iatLag } as ProviderProfile })
      const token = await logoutToken({ iat: start + ahead, exp: start + 120 })
      expect('sid' in Object(await verify(posted(token), dated))).toBe(isGood)
    },
  )
})

describe('a request is refused', () => {
  it.each<[string, () => Promise<Request>]>([
    ['that is no POST', async () => new Request(posted(await logoutToken()), { method: 'PUT' })],
    ['whose token is in the URL', async () => new Request(`${url}?logout_token=${await logoutToken()}`)],
    ['of JSON', async () => post(JSON.stringify({ logout_token: await logoutToken() }), 'application/json')],
    ['of another form', async () => post(`logout_token=${await logoutToken()}`, 'multipart/form-data')],
    ['without a token', async () => post('state=x')],
    ['with an empty token', async () => post('logout_token=')],
    ['without a body', async () => post('')],
    ['with two tokens', async () => post(`logout_token=${await logoutToken()}&logout_token=x`)],
    ['with no JWT', async () => post('logout_token=x')],
    ['with an encrypted token', async () => post('logout_token=eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d')],
  ])('%s', async (_, make) => {
    expect(await refusal(await make())).toMatchObject(invalid)
  })

  it('of more than 16 KiB, and the log says so', async () => {
    const request = post(`logout_token=${await logoutToken()}&pad=${'x'.repeat(16_384)}`)
    expect(await refusal(request)).toMatchObject({ ...invalid, detail: 'the body is too large' })
  })

  it('whose body breaks off', async () => {
    const body = new ReadableStream({ pull: controller => controller.error(new Error('gone')) })
    const init = { method: 'POST', body, duplex: 'half', headers: { 'Content-Type': form } }
    expect(await refusal(new Request(url, init))).toMatchObject(invalid)
  })

  it('is a mistake of the app where the body was read before', async () => {
    const request = posted(await logoutToken())
    await request.text()
    expect(await verify(request)).toBeInstanceOf(ConfigurationError)
  })
})

describe('a logout token is used once', () => {
  it('in one guard', async () => {
    const token = await logoutToken()
    const outcomes = await Promise.all([verify(posted(token)), verify(posted(token))])
    expect(outcomes.filter(outcome => outcome instanceof GuardError)).toHaveLength(1)
    expect(await refusal(posted(token))).toMatchObject({ ...invalid, description: 'jti was used before' })
  })

  it('also in another process, whose clock is behind by the skew, until neither accepts it', async () => {
    const times = { ahead: 0, behind: 0 }
    const store = { ...memoryStore({ now: clock.now }), since: 0 }
    const ahead = openShop(op, clock, { store, now: () => clock.time + times.ahead })
    const behind = openShop(op, clock, { store, now: () => clock.time + times.behind })
    const token = await logoutToken({ exp: start + 60 })
    times.ahead = 30
    times.behind = -30
    expect(await verify(posted(token), ahead)).toMatchObject({ sid: 's1' })
    // The last second in which the other process still accepts it.
    clock.time = start + 60 + 30 + 30 - 1
    expect(await refusal(posted(token), behind)).toMatchObject({ description: 'jti was used before' })
  })

  it('for each client, where the OP sends one to several', async () => {
    const store = memoryStore({ now: clock.now })
    const token = await logoutToken({ aud: ['payments', 'reports'] })
    for (const clientId of ['payments', 'reports']) {
      expect(await verify(posted(token), openShop(op, clock, { store, clientId }))).toMatchObject({
        sid: 's1',
      })
    }
  })

  it('and is not used up by a request that is refused', async () => {
    const jti = 'kept'
    await refusal(posted(await logoutToken({ jti, aud: 'other' })))
    await refusal(posted(await logoutToken({ jti }, { foreignKey: true })))
    expect(await verify(posted(await logoutToken({ jti })))).toMatchObject({ sid: 's1' })
  })
})

describe('while nothing can be decided, a 503 says so', () => {
  const later = { code: 'temporarily_unavailable', status: 503, cache: 'no-store' }

  it('when the OP gives no keys', async () => {
    const token = await logoutToken()
    op.down = true
    expect(await refusal(posted(token))).toMatchObject(later)
    op.down = false
    clock.advance(2)
    expect(await verify(posted(token))).toMatchObject({ sid: 's1' })
  })

  it('when the store fails, and the token can be used later', async () => {
    let isDown = true
    const memory = memoryStore({ now: clock.now })
    const consume: typeof memory.consume = async (...entry) => {
      if (isDown && entry[0].startsWith('logout:')) throw new Error('down')
      return memory.consume(...entry)
    }
    const frail = openShop(op, clock, { store: { ...memory, consume } })
    const token = await logoutToken()
    expect(await refusal(posted(token), frail)).toMatchObject(later)
    expect(frail.errors).toMatchObject([{ message: 'down' }])
    isDown = false
    expect(await verify(posted(token), frail)).toMatchObject({ sid: 's1' })
  })
})

describe('a provider with several issuers', () => {
  const tenants = ['https://login.example.com/t1/v2.0', 'https://login.example.com/t2/v2.0']
  const several = (): Shop => {
    const provider = { ...entra({ tenants: ['t1', 't2'], authority: 'https://login.example.com' }) }
    const issuer = 'https://login.example.com/{tenantid}/v2.0'
    // What its tenants have in common is served by the OP of this test.
    return openShop(op, clock, {
      issuer,
      provider,
      jwksUri: 'https://login.example.com/keys',
      fetch: keysOfOp,
    })
  }
  const keysOfOp: typeof fetch = () => fetch(`${op.issuer}/jwks`)
  const dated = { iat: start - 300, tid: 't2', sub: 'pairwise' }

  it('may send logout tokens of each, and the person is named where the token has the claims for it', async () => {
    const named = { ...dated, iss: tenants[1], oid: 'o' }
    expect(await verify(posted(await logoutToken(named)), several())).toMatchObject({
      ...{ iss: tenants[1], sub: 'pairwise', subject: 't2.o' },
    })
    const unnamed = { ...dated, iss: tenants[1] }
    expect(await verify(posted(await logoutToken(unnamed)), several())).toMatchObject({
      ...{ iss: tenants[1], sub: 'pairwise', subject: undefined },
    })
  })

  it('may not send those of another tenant', async () => {
    const foreign = { ...dated, iss: 'https://login.example.com/t3/v2.0' }
    expect(await refusal(posted(await logoutToken(foreign)), several())).toMatchObject(invalid)
  })
})

describe('no other token is a logout token', () => {
  it.each<[string, Claims, Minting]>([
    ['an ID Token', { nonce: 'n' }, {}],
    ['an ID Token of a refresh', { jti: 'j', sid: 's1' }, {}],
    ['an access token', { jti: 'j', sid: 's1', client_id: 'payments' }, { header: { typ: 'at+jwt' } }],
    ['an access token without a type of its own', { jti: 'j', sid: 's1', scope: 'openid pay' }, {}],
  ])('%s is refused', async (_, claims, minting) => {
    expect(await refusal(posted(await op.mint(claims, minting)))).toMatchObject(invalid)
  })

  it('a challenge and a grant are refused', async () => {
    const josh = new Browser(shop.app)
    const { body } = await josh.approve()
    clock.advance(5)
    const proof = await op.mint({ nonce: body.nonce })
    const { grant } = (await josh.prove(body.challenge, proof)).body
    for (const token of [body.challenge, grant]) {
      expect(await refusal(posted(token ?? ''))).toMatchObject(invalid)
    }
  })
})

describe('a logout token is no other token', () => {
  // As older OPs type it, so that the type is not what refuses it.
  const asOlder: Minting = { header: { typ: 'JWT' } }

  it('it does not say who asks, and proves no login', async () => {
    const josh = new Browser(shop.app)
    const { body } = await josh.approve()
    clock.advance(5)
    const claims = { auth_time: clock.time }
    const asked = await josh.ask({ action: 'email.change', id_token: await logoutToken(claims, asOlder) })
    expect(asked).toMatchObject({ status: 403, body: { error: 'invalid_token' } })
    const proof = await logoutToken({ ...claims, nonce: body.nonce }, asOlder)
    const proved = await josh.prove(body.challenge, proof)
    expect(proved).toMatchObject({ status: 403, body: { error: 'invalid_token' } })
  })

  it('it is no grant', async () => {
    const reply = await new Browser(shop.app).approve(payment, await logoutToken())
    expect(reply.status).toBe(401)
    expect(shop.ledger).toEqual([])
  })

  it.each<[string, Minting]>([
    ['with its own type', {}],
    ['as older OPs type it', asOlder],
  ])('%s, it is no access token, even where the API has the client’s id', async (_, minting) => {
    const guard = createAccessTokenGuard({
      ...{ issuer: op.issuer, audience: 'payments', acceptPlainJwt: true, store: 'memory', now: clock.now },
      onError: () => {},
    })
    const headers = { Authorization: `Bearer ${await logoutToken({}, minting)}` }
    const request = new Request('https://api.example/payments', { headers })
    await expect(guard.requireAccessToken(request)).rejects.toMatchObject({ code: 'invalid_token' })
  })
})
