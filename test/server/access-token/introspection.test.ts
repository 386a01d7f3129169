import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type AccessTokenRecord,
  type AccessTokenRequirement,
  createAccessTokenGuard,
  type GuardError,
  type IntrospectionOptions,
} from '../../../src/server/access-token.ts'
import { createProver, sha256 } from '../../support/dpop.ts'
import { listen } from '../../support/http.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock } from '../../support/shop.ts'

const clock = new ManualClock()
const url = 'https://api.example/transfers'
const audience = 'https://api.example'
const start = 1_800_000_000
let op: ScriptedOp
let server: Server
/** Of the introspection endpoint. */
let origin: string
/** What the introspection endpoint was sent. */
let asked: { readonly form: URLSearchParams; readonly headers: IncomingHttpHeaders }[]
let answer: { status: number; body: unknown; hangs?: 'at once' | 'in its body'; location?: string }
let guard: ReturnType<typeof createAccessTokenGuard>
let errors: unknown[]

beforeAll(async () => {
  op = await startOp(clock.now)
  server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    asked.push({ form: new URLSearchParams(text), headers: request.headers })
    if (answer.hangs === 'at once') return
    response.writeHead(answer.status, answer.location === undefined ? {} : { Location: answer.location })
    if (answer.hangs === 'in its body') {
      response.write('{')
      return
    }
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  })
  origin = await listen(server)
  op.metadata = { introspection_endpoint: `${origin}/introspect` }
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await op.close()
})
beforeEach(() => {
  clock.time = start
  asked = []
  errors = []
  answer = { status: 200, body: active() }
  guard = guardOf()
})

const active = (claims: object = {}) => ({
  ...{
    active: true,
    iss: op.issuer,
    sub: 'josh',
    aud: audience,
    exp: start + 300,
    scope: 'pay',
    auth_time: start,
  },
  ...claims,
})

const guardOf = (introspection: Partial<IntrospectionOptions> = {}) =>
  createAccessTokenGuard({
    ...{ issuer: op.issuer, audience, store: 'memory', now: clock.now },
    onError: error => errors.push(error),
    introspection: { clientId: 'api', clientSecret: 'secret', ...introspection },
  })

const call = (
  requirement: AccessTokenRequirement = {},
  headers: Record<string, string> = { Authorization: 'Bearer opaque' },
): Promise<AccessTokenRecord | GuardError> =>
  guard.requireAccessToken(new Request(url, { method: 'POST', headers }), requirement).catch(error => error)

const passed = { subject: 'josh' }

it('an app that writes to the claims of one request changes nothing for the next', async () => {
  const first = await call()
  expect(() => Object.assign((first as AccessTokenRecord).claims, { sub: 'jane' })).toThrow(TypeError)
  expect(await call()).toMatchObject(passed)
  expect(asked).toHaveLength(1)
})

it.each<[string, object]>([
  ['a numeric acr', { acr: 1 }],
  ['amr as text', { amr: 'pwd' }],
  ['email_verified as text', { email_verified: 'true' }],
  ['an aud of one element', { aud: [audience] }],
  ['a sub of 255 characters', { sub: 'ü'.repeat(255) }],
])('an answer with %s is taken', async (_, claims) => {
  answer.body = active(claims)
  expect(await call({ maxAge: 60, scope: 'pay' })).toMatchObject({
    acr: undefined,
    ...('sub' in claims ? { subject: claims.sub } : passed),
  })
})

describe('an active token of another kind', () => {
  it.each<[object, boolean]>([
    [{ token_use: 'refresh_token', token_type: 'Bearer' }, false],
    [{ token_use: 'id' }, false],
    [{ token_type: 'refresh_token' }, false],
    [{ token_use: 'access_token', token_type: 'Bearer' }, true],
    [{ token_use: 'access' }, true],
    [{ token_type: 'access_token' }, true],
    [{ token_type: 'DPoP' }, true],
    [{ token_type: null, token_use: 7 }, true],
  ])('that the OP describes by %o passes: %s', async (claims, passes) => {
    answer.body = active(claims)
    const refused = { code: 'invalid_token', detail: expect.stringMatching(/^token_(use|type) /) }
    expect(await call()).toMatchObject(passes ? passed : refused)
  })
})

describe('the question to the introspection endpoint', () => {
  it('is asked as RFC 7662 §2.1 has it, with the secret in Basic', async () => {
    guard = guardOf({ clientId: 'a b:c', clientSecret: 'ü+/&' })
    expect(await call()).toMatchObject(passed)
    const { form, headers } = asked[0] ?? {}
    expect(Object.fromEntries(form ?? [])).toEqual({ token: 'opaque', token_type_hint: 'access_token' })
    expect(headers?.['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
    const basic = Buffer.from(headers?.authorization?.replace('Basic ', '') ?? '', 'base64').toString()
    expect(basic).toBe('a+b%3Ac:%C3%BC%2B%2F%26')
  })

  it('has the secret in the form where the options say so', async () => {
    guard = guardOf({ clientAuthentication: 'client_secret_post' })
    await call()
    expect(Object.fromEntries(asked[0]?.form ?? [])).toMatchObject({
      client_id: 'api',
      client_secret: 'secret',
    })
    expect(asked[0]?.headers.authorization).toBeUndefined()
  })

  it('goes to the endpoint of the options, without discovery', async () => {
    const before = op.requests.discovery
    guard = guardOf({ endpoint: `${origin}/other` })
    expect(await call()).toMatchObject(passed)
    expect(op.requests.discovery).toBe(before)
  })

  it('is sent by fetch called as a function, since some platforms refuse it as a method', async () => {
    const strict: typeof fetch = function (this: unknown, input, init) {
      if (this !== undefined) throw new TypeError('Illegal invocation')
      return fetch(input, init)
    }
    guard = createAccessTokenGuard({
      ...{ issuer: op.issuer, audience, store: 'memory', now: clock.now },
      onError: error => errors.push(error),
      ...{ fetch: strict, introspection: { clientId: 'api', clientSecret: 'secret' } },
    })
    expect(await call()).toMatchObject(passed)
    const token = await op.mint({ aud: audience }, { header: { typ: 'at+jwt' } })
    expect(await call({}, { Authorization: `Bearer ${token}` })).toMatchObject(passed)
    expect(errors).toEqual([])
  })

  it('is not sent for a JWT, which is verified here', async () => {
    const token = await op.mint({ aud: audience }, { header: { typ: 'at+jwt' } })
    expect(await call({}, { Authorization: `Bearer ${token}` })).toMatchObject(passed)
    const idToken = await op.mint({ aud: audience })
    expect(await call({}, { Authorization: `Bearer ${idToken}` })).toMatchObject({ code: 'invalid_token' })
    expect(asked).toEqual([])
  })
})

describe('the answer of the introspection endpoint', () => {
  it.each<[string, object, boolean]>([
    ['inactive', { active: false }, false],
    ['of this API among others', { aud: ['https://other.example', audience] }, true],
    ['of another API', { aud: 'https://other.example' }, false],
    ['of no API', { aud: undefined }, false],
    ['of another issuer', { iss: 'https://evil.example' }, false],
    ['of no issuer', { iss: undefined }, true],
    ['without a sub', { sub: undefined }, false],
    ['that expires with the skew', { exp: start - 29 }, true],
    ['expired by the skew', { exp: start - 30 }, false],
    ['that expires in words', { exp: 'soon' }, false],
    ['that never expires', { exp: undefined }, true],
    ['not good yet', { nbf: start + 31 }, false],
  ])('%s', async (_, claims, passes) => {
    answer.body = active(claims)
    expect(await call()).toMatchObject(passes ? passed : { code: 'invalid_token' })
  })

  it('without aud suffices where the OP decides for whom it answers', async () => {
    guard = guardOf({ audience: 'optional' })
    answer.body = active({ aud: undefined })
    expect(await call()).toMatchObject(passed)
    answer.body = active({ aud: 'https://other.example' })
    expect(await call({}, { Authorization: 'Bearer other' })).toMatchObject({ code: 'invalid_token' })
  })

  it.each<[object, AccessTokenRequirement, object]>([
    [{ auth_time: start - 90 }, { maxAge: 60 }, passed],
    [{ auth_time: start - 91 }, { maxAge: 60 }, { code: 'step_up_required', reason: 'stale' }],
    [{ auth_time: undefined }, { maxAge: 60 }, { code: 'step_up_required', reason: 'auth_time_missing' }],
    [{ auth_time: undefined }, {}, passed],
    [{ acr: 'urn:mfa' }, { acrValues: ['urn:mfa'] }, passed],
    [{ acr: 'urn:pwd' }, { acrValues: ['urn:mfa'] }, { code: 'step_up_required', reason: 'acr_unmet' }],
    [{ scope: 'read' }, { scope: 'pay' }, { code: 'insufficient_scope' }],
  ])('%j for the audience %j leads to %j', async (claims, requirement, expected) => {
    answer.body = active(claims)
    expect(await call(requirement)).toMatchObject(expected)
  })

  it('binds a token to a key as a JWT does', async () => {
    const key = await createProver()
    answer.body = active({ cnf: { jkt: key.thumbprint } })
    expect(await call()).toMatchObject({ code: 'invalid_dpop_proof' })
    const DPoP = await key.prove('POST', url, clock.time, { claims: { ath: sha256('opaque') } })
    expect(await call({}, { Authorization: 'DPoP opaque', DPoP })).toMatchObject(passed)
  })
})

describe('an answer is used again', () => {
  /** How many questions `seconds` after the first. */
  async function questionsAfter(seconds: number): Promise<number> {
    await call()
    clock.advance(seconds)
    await call()
    return asked.length
  }

  it.each<[string, number, object, Partial<IntrospectionOptions>, number]>([
    ['for 30 s', 29, {}, {}, 1],
    ['no longer', 30, {}, {}, 2],
    ['until it expires', 9, { exp: start + 10 }, {}, 1],
    ['not after', 10, { exp: start + 10 }, {}, 2],
    ['for as long as the options say', 59, {}, { cacheTtl: 60 }, 1],
    ['no longer than the options say', 60, {}, { cacheTtl: 60 }, 2],
    ['never if the options say so', 0, {}, { cacheTtl: 0 }, 2],
    ['also when it is no', 29, { active: false }, {}, 1],
    ['no longer when it is no', 30, { active: false }, {}, 2],
  ])('%s', async (_, seconds, claims, options, questions) => {
    guard = guardOf(options)
    answer.body = active(claims)
    expect(await questionsAfter(seconds)).toBe(questions)
  })

  it('for requests that come together', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => call()))
    expect(results.every(result => 'subject' in result)).toBe(true)
    expect(asked).toHaveLength(1)
  })

  it('for its own token only', async () => {
    await call()
    answer.body = { active: false }
    expect(await call({}, { Authorization: 'Bearer other' })).toMatchObject({ code: 'invalid_token' })
    expect(await call()).toMatchObject(passed)
  })

  it('while the freshness of its login is still judged by the clock', async () => {
    answer.body = active({ auth_time: start - 85 })
    expect(await call({ maxAge: 60 })).toMatchObject(passed)
    clock.advance(6)
    expect(await call({ maxAge: 60 })).toMatchObject({ reason: 'stale' })
    expect(asked).toHaveLength(1)
  })

  it('unless newer ones took its place', async () => {
    guard = guardOf({ maxCached: 2 })
    for (const token of ['a', 'b', 'c', 'b', 'a']) await call({}, { Authorization: `Bearer ${token}` })
    expect(asked.map(({ form }) => form.get('token'))).toEqual(['a', 'b', 'c', 'a'])
  })
})

describe('a missing answer is a 503, and nothing passes', () => {
  it.each<[string, (good: object) => Partial<typeof answer>]>([
    ['a refusal of our own credentials', () => ({ status: 401, body: { error: 'invalid_client' } })],
    ['a broken OP', body => ({ status: 500, body })],
    ['a redirect', body => ({ status: 302, location: 'http://127.0.0.1/', body })],
    ['no JSON', () => ({ body: 'active' })],
    ['a list', good => ({ body: [good] })],
    ['no word of active', () => ({ body: { sub: 'josh' } })],
    ['active as text', good => ({ body: { ...good, active: 'true' } })],
    ['active as 1', good => ({ body: { ...good, active: 1 } })],
  ])('%s', async (_, wrong) => {
    Object.assign(answer, wrong(active()))
    const result = (await call()) as GuardError
    expect(result).toMatchObject({ code: 'temporarily_unavailable' })
    const response = result.toResponse()
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '5'])
    expect(errors).toHaveLength(1)
    expect(String(errors[0])).not.toMatch(/opaque|secret/)
  })

  it('and the next request asks anew', async () => {
    answer.status = 500
    await call()
    answer.status = 200
    expect(await call()).toMatchObject(passed)
  })

  it.each(['at once', 'in its body'] as const)('when it hangs %s for 5 s', async hangs => {
    const limits: number[] = []
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(milliseconds => {
      limits.push(milliseconds)
      const controller = new AbortController()
      if (limits.length > 1) setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), 20)
      return controller.signal
    })
    answer.hangs = hangs
    expect(await call()).toMatchObject({ code: 'temporarily_unavailable' })
    expect(limits).toEqual([5000, 5000])
    vi.restoreAllMocks()
  })

  it('when more requests come at once than may wait, while the questions under way are answered', async () => {
    guard = guardOf({ maxConcurrent: 1 })
    const tokens = Array.from({ length: 12 }, (_, index) => `token-${index}`)
    const results = await Promise.all(tokens.map(token => call({}, { Authorization: `Bearer ${token}` })))
    expect(results).toMatchObject([...Array(11).fill(passed), { code: 'temporarily_unavailable' }])
    expect(errors).toEqual([])
    expect(await call({}, { Authorization: 'Bearer token-11' })).toMatchObject(passed)
  })

  it('when the OP publishes no endpoint', async () => {
    const { metadata } = op
    op.metadata = {}
    expect(await call()).toMatchObject({ code: 'temporarily_unavailable' })
    op.metadata = metadata
    expect(await call()).toMatchObject(passed)
  })
})
