import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProviderProfile } from '../../../src/core/provider-profile.ts'
import type { AuditEvent, GuardOptions } from '../../../src/server/index.ts'
import { createProver, type ProofFields, type Prover, sha256 } from '../../support/dpop.ts'
import { type AuthorizationAnswer, type ScriptedOp, startOp } from '../../support/op.ts'
import { type ScriptedPush, scriptPush } from '../../support/scripted-push.ts'
import { Browser, ManualClock, openShop, type Reply, type Shop } from '../../support/shop.ts'

/** What the guard makes of an OP that fails, or does as it likes. */

const clock = new ManualClock()
let op: ScriptedOp
let push: ScriptedPush
let shop: Shop
let josh: Browser
let events: AuditEvent[]

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  op.down = false
  events = []
  open()
})

function open(options: Partial<GuardOptions> = {}, metadata: object = {}): void {
  push = scriptPush(op)
  const document = { ...push.options.metadata, ...metadata }
  const actions = {
    now: { reauthenticate: true },
    strong: { reauthenticate: true, acrValues: ['urn:mfa'] },
  } as const
  const audit = (event: AuditEvent): unknown => events.push(event)
  shop = openShop(op, clock, { ...push.options, metadata: document, actions, audit, ...options })
  josh = new Browser(shop.app)
}

/** Asks, and pushes a second later. */
async function pushed(action = 'now'): Promise<{ readonly challenge: string; readonly reply: Reply }> {
  const { body } = await josh.ask({ action, id_token: await op.mint({ auth_time: clock.time - 3600 }) })
  clock.advance(1)
  return { challenge: body.challenge ?? '', reply: await josh.ask({ challenge: body.challenge }) }
}

async function stepUp(how: AuthorizationAnswer, action = 'now'): Promise<Reply> {
  const { challenge } = await pushed(action)
  return josh.ask({ challenge, ...push.answer(how) })
}

const unavailable = { status: 503, body: { status: 'failed', error: 'temporarily_unavailable' } }
const json = (status: number, body: unknown): Response => Response.json(body, { status })

describe('a push is a 503, with the reason for onError, where the OP', () => {
  it.each<[string, Response, RegExp]>([
    [
      'refuses the client',
      json(401, { error: 'invalid_client' }),
      /refused the pushed request \(401\): invalid_client/,
    ],
    [
      'refuses the request',
      json(400, { error: 'invalid_request', error_description: 'x' }),
      /\(400\): invalid_request/,
    ],
    ['quotes what may be a secret', json(400, { error: 'no-5ecret-5ecret-5ecret-5ecret' }), /\(400\): …/],
    ['refuses without a reason', json(400, {}), /refused the pushed request \(400\)/],
    ['fails', json(500, { error: 'server_error' }), /\/par of the OP answered 500/],
    [
      'sends us elsewhere',
      new Response(null, { status: 302, headers: { Location: 'https://evil.example' } }),
      /answered 302/,
    ],
    ['answers no JSON', new Response('<p>', { status: 201 }), /something other than JSON/],
    ['answers no object', json(201, ['urn:x']), /something other than an object/],
    ['gives no request_uri', json(201, { expires_in: 60 }), /without a request_uri/],
  ])('%s', async (_, refusal, message) => {
    push.refusal = refusal
    const { reply } = await pushed()
    expect(reply).toMatchObject(unavailable)
    expect(reply.headers.get('Retry-After')).toBe('5')
    expect(shop.errors).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })])
    expect(events.at(-1)).toMatchObject({ event: 'unavailable', step: 'push', action: 'now', sub: 'josh' })
  })
})

it('a flood of pushes that the OP refuses is reported once in 30 seconds, with their number', async () => {
  push.refusal = json(400, { error: 'invalid_request' })
  const { challenge } = await pushed()
  await Promise.all(Array.from({ length: 5 }, () => josh.ask({ challenge })))
  expect(shop.errors).toHaveLength(1)
  clock.advance(30)
  await josh.ask({ challenge })
  expect(shop.errors.map(String)).toEqual([
    expect.stringContaining('invalid_request'),
    expect.stringContaining('5 more requests'),
  ])
})

it('an OP that does not say how long a request is good for: expires_in is 0', async () => {
  push.refusal = json(200, { request_uri: 'urn:x', expires_in: '60' })
  expect((await pushed()).reply).toMatchObject({ status: 200, body: { request_uri: 'urn:x', expires_in: 0 } })
})

describe('a proof by code', () => {
  const raw = (status: number, body: unknown): AuthorizationAnswer => ({
    raw: { status, type: 'application/json', body: typeof body === 'string' ? body : JSON.stringify(body) },
  })

  it.each<[string, AuthorizationAnswer, RegExp]>([
    ['refuses the client', raw(401, { error: 'invalid_client' }), /refused the code \(401\): invalid_client/],
    ['fails', raw(502, {}), /\/token of the OP answered 502/],
    [
      'answers no JSON',
      raw(200, 'at=secret-token'),
      /\/token of the OP answered with something other than JSON/,
    ],
    ['gives no ID Token', { token: { id_token: undefined } }, /without an id_token/],
  ])('is a 503 where the OP %s', async (_, how, message) => {
    expect(await stepUp(how)).toMatchObject(unavailable)
    expect(shop.errors).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })])
    expect(String(shop.errors)).not.toContain('secret-token')
  })

  const denied = (error: string): object => ({ status: 403, body: { status: 'denied', error } })
  it.each<[string, AuthorizationAnswer, string]>([
    ['a code that the OP does not redeem', raw(400, { error: 'invalid_grant' }), 'invalid_token'],
    ['an ID Token for the app’s client', { claims: { aud: 'payments' } }, 'invalid_token'],
    [
      'an ID Token for both, by the app’s client',
      { claims: { aud: ['bank', 'payments'], azp: 'payments' } },
      'invalid_token',
    ],
    ['an ID Token of another issuer', { claims: { iss: 'https://evil.example' } }, 'invalid_token'],
    ['an ID Token that is over', { claims: { exp: 1_800_000_001 - 30 } }, 'invalid_token'],
    ['an ID Token by another key', { minting: { foreignKey: true } }, 'invalid_token'],
    ['an ID Token without a signature', { minting: { alg: 'none' } }, 'invalid_token'],
    ['another nonce', { claims: { nonce: 'another' } }, 'nonce_mismatch'],
    ['another person', { claims: { sub: 'jane' } }, 'subject_mismatch'],
    ['an old login', { claims: { auth_time: 1_800_000_000 - 1 } }, 'stale'],
    ['no auth_time', { claims: { auth_time: undefined } }, 'auth_time_missing'],
  ])('with %s is denied', async (_, how, error) => {
    expect(await stepUp(how)).toMatchObject(denied(error))
    expect(shop.errors).toEqual([])
  })

  it('is held to the acr of the policy', async () => {
    expect(await stepUp({ claims: { acr: 'urn:pwd' } }, 'strong')).toMatchObject(denied('acr_unmet'))
    expect(push.pushed.at(-1)?.get('acr_values')).toBe('urn:mfa')
    clock.advance(1)
    expect(await stepUp({ claims: { acr: 'urn:mfa' } }, 'strong')).toMatchObject({ status: 200 })
  })

  it('needs no iss where the OP promises none, and is held to one that comes', async () => {
    expect(await stepUp({ response: { iss: undefined } })).toMatchObject({ status: 200 })
    clock.advance(1)
    expect(await stepUp({ response: { iss: 'https://evil.example' } })).toMatchObject(denied('invalid_token'))
  })

  it('takes the iss of any issuer that the profile names, and of no other', async () => {
    const issuers = [op.issuer, 'https://tenant.example']
    open({ provider: { name: 'test', issuers }, subjectOf: ({ sub }) => sub })
    expect(await stepUp({ response: { iss: 'https://tenant.example' } })).toMatchObject({ status: 200 })
    clock.advance(1)
    expect(await stepUp({ response: { iss: 'https://other.example' } })).toMatchObject(
      denied('invalid_token'),
    )
  })

  it('brings back nothing of the OP’s tokens', async () => {
    const { body } = await stepUp({ token: { refresh_token: 'rt' } })
    expect(body).toEqual({ status: 'granted', grant: expect.any(String), expires_in: 60 })
  })
})

it('a guard without such a client refuses a push and a code, once it is clear that the challenge is its own', async () => {
  open({ stepUpClient: undefined })
  const { challenge, reply } = await pushed()
  const refused = {
    status: 400,
    body: { error: 'invalid_request', error_description: 'the guard has no stepUpClient' },
  }
  expect(reply).toMatchObject(refused)
  expect(await josh.ask({ challenge, code: 'x', state: 'x' })).toMatchObject(refused)
})

it('with DPoP, a push and a proof by code need a proof of the key that got the challenge', async () => {
  open({ dpop: true })
  const [own, other] = [await createProver(), await createProver()]
  const url = 'https://api.example/api/freshness'
  const send = async (body: object, by?: Prover, fields?: ProofFields): Promise<Reply> => {
    const proof = by && { DPoP: await by.prove('POST', url, clock.time, fields) }
    return josh.send('/api/freshness', body, { ...proof })
  }
  const id_token = await op.mint({ auth_time: clock.time - 3600 })
  const { challenge } = (await send({ action: 'now', id_token }, own)).body
  clock.advance(1)
  expect(await send({ challenge })).toMatchObject({ status: 403, body: { error: 'binding_mismatch' } })
  expect(await send({ challenge }, other)).toMatchObject({ status: 403, body: { error: 'binding_mismatch' } })
  const forged = { status: 401, body: { error: 'invalid_dpop_proof' } }
  expect(await send({ challenge }, own, { foreignKey: true })).toMatchObject(forged)
  expect(push.pushed).toHaveLength(0)
  expect(await send({ challenge }, own)).toMatchObject({ status: 200, body: { status: 'pushed' } })
  const proof = { challenge, ...push.answer() }
  expect(await send(proof, other)).toMatchObject({ status: 403, body: { error: 'binding_mismatch' } })
  const asked = op.requests.token
  expect(await send(proof, own, { foreignKey: true })).toMatchObject(forged)
  expect(op.requests.token).toBe(asked)
  expect(await send(proof, own)).toMatchObject({ status: 200, body: { status: 'granted' } })
})

describe('the request is in the words of the OP', () => {
  const profile = (more: Partial<ProviderProfile>): Partial<GuardOptions> => ({
    provider: { name: 'test', ...more },
  })
  const parameters = (): object => Object.fromEntries(push.pushed.at(-1) ?? [])

  it.each<[string, Partial<GuardOptions>, object, object]>([
    [
      'its word for a new login',
      profile({ stepUpPrompt: 'select_account' }),
      {},
      { prompt: 'select_account' },
    ],
    ['max_age 0', profile({ maxAge: 'any' }), {}, { max_age: '0' }],
    ['no max_age', profile({ maxAge: 'none' }), {}, { max_age: undefined }],
    ['no claims parameter', {}, { claims_parameter_supported: false }, { claims: undefined }],
    ['no fragment', {}, { response_modes_supported: ['query'] }, { response_mode: 'query' }],
    ['parameters of its own', profile({ authorizationParams: kind => ({ kind }) }), {}, { kind: 'step_up' }],
    [
      'ours before its own',
      profile({ authorizationParams: { prompt: 'none', state: 'x' } }),
      {},
      { prompt: 'login', state: expect.stringMatching(/^.{43}$/) },
    ],
    [
      'an essential acr',
      profile({ acrClaim: 'essential' }),
      {},
      {
        claims: '{"id_token":{"auth_time":{"essential":true},"acr":{"essential":true,"values":["urn:mfa"]}}}',
        acr_values: 'urn:mfa',
      },
    ],
    [
      'the claim acrs',
      profile({ acrClaim: 'acrs' }),
      {},
      {
        claims: '{"id_token":{"auth_time":{"essential":true},"acrs":{"essential":true,"value":"urn:mfa"}}}',
        acr_values: undefined,
      },
    ],
    [
      'claims of its own',
      profile({ authorizationParams: { claims: '{"userinfo":{"a":null},"id_token":{"b":null}}' } }),
      {},
      { claims: '{"userinfo":{"a":null},"id_token":{"b":null,"auth_time":{"essential":true}}}' },
    ],
  ])('%s', async (_, options, metadata, expected) => {
    open(options, metadata)
    expect((await pushed('strong')).reply.status).toBe(200)
    expect(parameters()).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    )
    for (const [name, value] of Object.entries(expected))
      if (value === undefined) expect(parameters()).not.toHaveProperty(name)
  })

  it('with a verifier that nobody can tell from what the page knows', async () => {
    const { challenge, reply } = await pushed()
    const { code_challenge, nonce } = parameters() as Record<string, string>
    for (const known of [challenge, reply.body.state, nonce, reply.body.request_uri])
      expect(code_challenge).not.toBe(sha256(String(known)))
  })

  it('with the client’s name and secret form-encoded, in the header alone', async () => {
    await pushed()
    const { authorization, ...sent } = parameters() as Record<string, string>
    expect(authorization).toBe(`Basic ${btoa('bank:bank-secret')}`)
    expect(JSON.stringify(sent)).not.toContain('secret')
  })
})

describe('the discovery document', () => {
  /** The OP's own, which lacks nothing. */
  function openDiscovering(options: Partial<GuardOptions> = {}): void {
    op.metadata = { pushed_authorization_request_endpoint: `${op.issuer}/par` }
    open({ metadata: undefined, ...options })
  }

  it('is asked once for requests that come together, and again after ten minutes', async () => {
    openDiscovering({ jwksUri: `${op.issuer}/jwks` })
    const before = op.requests.discovery
    await Promise.all([pushed(), pushed(), pushed()])
    expect(op.requests.discovery).toBe(before + 1)
    clock.advance(600)
    await pushed()
    expect(op.requests.discovery).toBe(before + 2)
  })

  it('that names no PAR endpoint any more stops what is required, and one that does again lets it go on', async () => {
    openDiscovering({ jwksUri: `${op.issuer}/jwks` })
    expect((await pushed()).reply.status).toBe(200)
    op.metadata = {}
    clock.advance(600)
    const ask = async (): Promise<Reply> => josh.ask({ action: 'now', id_token: await op.mint() })
    expect(await ask()).toMatchObject(unavailable)
    expect(await ask()).toMatchObject(unavailable)
    expect(shop.errors).toHaveLength(1)
    op.metadata = { pushed_authorization_request_endpoint: `${op.issuer}/par` }
    clock.advance(30)
    expect(await ask()).toMatchObject({ status: 401, body: { pushed: true } })
  })

  it.each([['http://op.example/par'], ['https://josh:pw@op.example/par'], [7], [null]])(
    'that says %o names none',
    async endpoint => {
      open({}, { pushed_authorization_request_endpoint: endpoint })
      expect(await josh.ask({ action: 'now', id_token: await op.mint() })).toMatchObject(unavailable)
    },
  )

  it('that was read before stays in use while the OP does not answer', async () => {
    openDiscovering()
    await pushed()
    clock.advance(600)
    op.down = true
    const { challenge } = await pushed()
    expect(challenge).not.toBe('')
  })
})
