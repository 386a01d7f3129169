import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseStepUpHeader } from '../../../src/core/step-up-header.ts'
import { createAccessTokenGuard } from '../../../src/server/access-token.ts'
import { contextHash, type GuardOptions } from '../../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, payment, type Shop } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let josh: Browser

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  shop = openShop(op, clock)
  josh = new Browser(shop.app)
})

/** Asks with the ID Token of a session that began an hour ago, unless the claims say otherwise. */
async function ask(action: string, session: object = {}, more: object = {}) {
  const id_token = await op.mint({ auth_time: clock.time - 3600, ...session })
  return josh.ask({ action, id_token, ...more })
}

describe('a question that cannot be judged', () => {
  it.each([
    [
      'without the context that the policy requires',
      'payment.approve',
      'invalid_request',
      /requires a `context`/,
    ],
    ['about an action that the guard does not have', 'payment.aprove', 'unknown_action', /`actions`/],
  ])('%s says so to the developer', async (_, action, error, words) => {
    const error_description = expect.stringMatching(words)
    const body = { status: 'failed', error, error_description }
    expect(await ask(action)).toMatchObject({ status: 400, body })
  })
})

describe('a challenge', () => {
  it('says in the body and in RFC 9470 words what to ask the OP for, and what it is about', async () => {
    const context_hash = await contextHash(payment)
    const { status, body, headers } = await ask('payment.approve', {}, { context_hash })
    expect(status).toBe(401)
    const { challenge = '', nonce, ...rest } = body
    expect(rest).toEqual({ status: 'challenged', prompt: 'login', max_age: 0, expires_in: 600, wait: 1000 })
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(challenge))
    expect(nonce).toBe(Buffer.from(digest).toString('base64url'))
    expect(parseStepUpHeader(headers.get('WWW-Authenticate'))).toEqual({ scheme: 'Bearer', maxAge: 0 })
    expect(headers.get('Cache-Control')).toBe('no-store')
    expect(decodeProtectedHeader(challenge)).toEqual({ alg: 'HS256', typ: 'step-up-challenge+jwt' })
    expect(decodeJwt(challenge)).toEqual({
      jti: expect.any(String),
      iss: op.issuer,
      aud: 'https://api.example',
      sub: 'josh',
      action: 'payment.approve',
      context_hash,
      iat: clock.time,
      exp: clock.time + 600,
      client_id: 'payments',
      max_age: 0,
      op_offset: 0,
      auth_time: clock.time - 3600,
      binding: expect.any(String),
    })
  })

  it('for a maxAge policy has that max_age, no prompt, and the acr_values if there are any', async () => {
    const actions = { 'email.change': { maxAge: 300, acrValues: ['urn:mfa', 'urn:"hw"'] } }
    josh.app = openShop(op, clock, { actions }).app
    const { body, headers } = await ask('email.change')
    expect(body).toEqual({
      status: 'challenged',
      challenge: expect.any(String),
      nonce: expect.any(String),
      max_age: 300,
      acr_values: 'urn:mfa urn:"hw"',
      expires_in: 600,
    })
    expect(parseStepUpHeader(headers.get('WWW-Authenticate'))).toEqual({
      scheme: 'Bearer',
      maxAge: 300,
      acrValues: ['urn:mfa', 'urn:"hw"'],
    })
    expect(decodeJwt(body.challenge ?? '')).toMatchObject({ max_age: 300, acr_values: 'urn:mfa urn:"hw"' })
  })

  it('lives as long as configured', async () => {
    josh.app = openShop(op, clock, { challengeTtl: 90 }).app
    const { body } = await ask('email.change')
    expect(body.expires_in).toBe(90)
    expect(decodeJwt(body.challenge ?? '').exp).toBe(clock.time + 90)
  })

  it('is dated in whole seconds, whatever the clock says', async () => {
    josh.app = openShop(op, clock, { now: () => clock.time + 0.9 }).app
    const { body } = await ask('email.change')
    expect(decodeJwt(body.challenge ?? '').iat).toBe(clock.time)
  })

  it.each([
    ['without auth_time', undefined],
    ['with a null auth_time', null],
  ])('for a session token %s has no baseline', async (_, auth_time) => {
    const { status, body } = await ask('email.change', { auth_time })
    expect(status).toBe(401)
    expect(decodeJwt(body.challenge ?? '')).not.toHaveProperty('auth_time')
  })

  it('for an expired session token still has its baseline', async () => {
    const { status, body } = await ask('email.change', { exp: clock.time - 9999, auth_time: clock.time - 10 })
    expect(status).toBe(401)
    expect(decodeJwt(body.challenge ?? '')).toMatchObject({ sub: 'josh', auth_time: clock.time - 10 })
  })
})

describe('a grant without a challenge', () => {
  it('is given to a person who is fresh enough for a maxAge policy, and works once', async () => {
    const { status, body } = await ask('email.change', { auth_time: clock.time - 299 })
    expect({ status, body }).toEqual({
      status: 200,
      body: { status: 'granted', grant: expect.any(String), expires_in: 60 },
    })
    const change = () => josh.send('/api/email', {}, { 'Step-Up-Grant': body.grant ?? '' })
    expect((await change()).status).toBe(200)
    expect((await change()).status).toBe(401)
    expect(shop.ledger).toEqual([
      {
        subject: 'josh',
        action: 'email.change',
        authTime: clock.time - 299,
        acr: undefined,
        amr: undefined,
        contextHash: undefined,
        challengeId: undefined,
        detailsReturned: false,
      },
    ])
  })

  it('is bound to the browser that asked, though it had no cookie before', async () => {
    const { body } = await ask('email.change', { auth_time: clock.time })
    const thief = new Browser(shop.app)
    expect((await thief.send('/api/email', {}, { 'Step-Up-Grant': body.grant ?? '' })).status).toBe(401)
    expect((await josh.send('/api/email', {}, { 'Step-Up-Grant': body.grant ?? '' })).status).toBe(200)
  })

  it('is never given under reauthenticate, however fresh the session', async () => {
    const context_hash = await contextHash(payment)
    expect((await ask('payment.approve', { auth_time: clock.time }, { context_hash })).status).toBe(401)
  })

  it('is not given on a session token that has expired for more than the skew', async () => {
    expect((await ask('email.change', { auth_time: clock.time, exp: clock.time - 29 })).status).toBe(200)
    expect((await ask('email.change', { auth_time: clock.time, exp: clock.time - 30 })).status).toBe(401)
  })

  it.each([
    [clock.time - 330, 200],
    [clock.time - 331, 401],
    [clock.time + 30, 200],
  ])('with auth_time %s leads to %s', async (auth_time, status) => {
    expect((await ask('email.change', { auth_time })).status).toBe(status)
  })

  it.each([
    ['acr', { acr: 'urn:pwd' }, 401],
    ['amr', { amr: ['pwd'] }, 401],
    ['idp', { idp: 'google' }, 401],
    ['nothing', {}, 200],
  ])('is not given when %s falls short', async (_, claims, status) => {
    const localIdp = ({ idp }: Readonly<Record<string, unknown>>) => idp === 'local'
    const actions = { 'email.change': { maxAge: 300, acrValues: ['urn:mfa'], amr: ['otp'], localIdp } }
    josh.app = openShop(op, clock, { actions }).app
    const session = { auth_time: clock.time, acr: 'urn:mfa', amr: ['otp'], idp: 'local', ...claims }
    expect((await ask('email.change', session)).status).toBe(status)
  })

  it('lives as long as its policy says', async () => {
    josh.app = openShop(op, clock, { actions: { 'email.change': { maxAge: 300, grant: { ttl: 15 } } } }).app
    const { body } = await ask('email.change', { auth_time: clock.time })
    expect(body.expires_in).toBe(15)
    expect(decodeJwt(body.grant ?? '').exp).toBe(clock.time + 15)
  })
})

describe('a session token that is not one', () => {
  it.each([
    ['of another issuer', { iss: 'https://login.example.net' }, {}, 'invalid_token'],
    ['for another client', { aud: 'other' }, {}, 'invalid_token'],
    ['an access token by type', {}, { header: { typ: 'at+jwt' } }, 'invalid_token'],
    ['signed by another party', {}, { foreignKey: true }, 'invalid_token'],
    ['unsigned', {}, { alg: 'none' }, 'invalid_token'],
    ['without sub', { sub: undefined }, {}, 'invalid_token'],
    ['with iat as text', { iat: String(clock.time) }, {}, 'invalid_token'],
    ['issued in the future', { iat: clock.time + 31 }, {}, 'clock_skew'],
    ['with auth_time in the future', { auth_time: clock.time + 31 }, {}, 'auth_time_in_future'],
    ['with auth_time in milliseconds', { auth_time: clock.time * 1000 }, {}, 'auth_time_in_future'],
    ['with auth_time as text', { auth_time: String(clock.time) }, {}, 'invalid_token'],
  ] as const)('%s is denied, never challenged', async (_, claims, minting, error) => {
    const reply = await josh.ask({ action: 'email.change', id_token: await op.mint(claims, minting) })
    expect(reply).toMatchObject({ status: 403, body: { status: 'denied', error } })
    expect(reply.headers.get('Set-Cookie')).toBeNull()
  })
})

it.each([
  [5, 5, 200],
  [5, 6, 403],
  [60, 60, 200],
])(
  'with a skew of %i s, a session token dated %i s ahead is answered with %i',
  async (clockSkew, lead, status) => {
    josh.app = openShop(op, clock, { clockSkew }).app
    expect((await ask('email.change', { auth_time: clock.time, iat: clock.time + lead })).status).toBe(status)
  },
)

describe('authenticate', () => {
  const asking = { action: 'email.change' }

  it('names the person instead of the ID Token, and there is no baseline without authTime', async () => {
    josh.app = openShop(op, clock, { authenticate: async () => ({ subject: 'jane' }) }).app
    const { status, body } = await josh.ask({ ...asking, id_token: await op.mint() })
    expect(status).toBe(401)
    expect(decodeJwt(body.challenge ?? '')).toMatchObject({ sub: 'jane' })
    expect(decodeJwt(body.challenge ?? '')).not.toHaveProperty('auth_time')
  })

  it('gives the baseline, and a grant to a person who is fresh enough', async () => {
    const authenticate = () => ({ subject: 'jane', authTime })
    let authTime = clock.time - 3600
    josh.app = openShop(op, clock, { authenticate }).app
    const { body } = await josh.ask(asking)
    expect(decodeJwt(body.challenge ?? '')).toMatchObject({ sub: 'jane', auth_time: authTime })
    authTime = clock.time
    expect(await josh.ask(asking)).toMatchObject({ status: 200, body: { status: 'granted' } })
  })

  it('may date the login as far ahead as the clocks may differ', async () => {
    const authenticate = () => ({ subject: 'jane', authTime: clock.time + 30 })
    josh.app = openShop(op, clock, { authenticate }).app
    expect(await josh.ask(asking)).toMatchObject({ status: 200, body: { status: 'granted' } })
  })

  it('sees the request, and refuses with null even beside a good ID Token', async () => {
    const seen: (string | null)[] = []
    const authenticate = (request: Request) => {
      seen.push(request.headers.get('Authorization'))
      return null
    }
    josh.app = openShop(op, clock, { authenticate }).app
    const reply = await josh.ask({ ...asking, id_token: await op.mint() })
    expect(reply).toMatchObject({ status: 403, body: { error: 'invalid_token' } })
    expect(seen).toEqual(['josh'])
  })

  it.each<[string, unknown]>([
    ['NaN as the time', { subject: 'jane', authTime: Number.NaN }],
    ['milliseconds', { subject: 'jane', authTime: Date.now() }],
    ['a fraction of a second', { subject: 'jane', authTime: 1.5 }],
    ['a time beyond the skew', { subject: 'jane', authTime: 1_800_000_031 }],
    ['an empty name', { subject: '' }],
    ['a name of no text', { subject: 7 }],
    ['{ sub }', { sub: 'jane' }],
    ['text', 'jane'],
    ['nothing', undefined],
  ])('that gives %s is a 503, and onError hears what is wrong', async (_, person) => {
    const authenticate = (() => person) as unknown as NonNullable<GuardOptions['authenticate']>
    const broken = openShop(op, clock, { authenticate })
    josh.app = broken.app
    expect((await josh.ask(asking)).status).toBe(503)
    expect(broken.errors).toEqual([expect.objectContaining({ code: 'configuration_invalid' })])
  })

  it('is no evidence for a policy that asks how, or where, the person authenticated', async () => {
    const localIdp = (claims: Readonly<Record<string, unknown>>) => !('idp' in claims)
    for (const rule of [{ localIdp }, { amr: ['pwd'] }, { acrValues: ['urn:pwd'] }]) {
      const authenticate = () => ({ subject: 'jane', authTime: clock.time })
      const actions = { 'email.change': { maxAge: 300, ...rule } }
      josh.app = openShop(op, clock, { authenticate, actions }).app
      expect((await josh.ask({ action: 'email.change' })).status).toBe(401)
    }
  })

  it('that throws the refusal of another guard answers with it, for the pages of our origins too', async () => {
    const Origin = 'https://app.example'
    const api = createAccessTokenGuard({
      issuer: op.issuer,
      audience: 'https://api.example',
      store: 'memory',
    })
    const authenticate = (request: Request) => api.requireAccessToken(request)
    const asked = openShop(op, clock, { authenticate, origins: [Origin] })
    josh.app = asked.app
    const reply = await josh.send('/api/freshness', asking, { Authorization: 'Bearer none', Origin })
    expect(reply).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(reply.headers.get('WWW-Authenticate')).toMatch(/^Bearer error="invalid_token"/)
    expect(reply.headers.get('Access-Control-Allow-Origin')).toBe(Origin)
    expect(reply.headers.get('Access-Control-Allow-Credentials')).toBe('true')
    expect(reply.headers.get('Vary')).toBe('Origin')
    expect(asked.errors).toEqual([])
  })

  it('that throws is a 503', async () => {
    const cause = new Error('session store')
    const broken = openShop(op, clock, { authenticate: () => Promise.reject(cause) })
    josh.app = broken.app
    expect((await josh.ask(asking)).status).toBe(503)
    expect(broken.errors).toEqual([cause])
  })

  it.each([undefined, null])(
    'that rejects with %s is a 503, and onError hears where it came from',
    async reason => {
      const broken = openShop(op, clock, { authenticate: () => Promise.reject(reason) })
      josh.app = broken.app
      expect((await josh.ask(asking)).status).toBe(503)
      expect(broken.errors.map(String)).toEqual([expect.stringContaining('authenticate')])
    },
  )
})
