import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseStepUpHeader } from '../../../src/core/step-up-header.ts'
import { parseAuthenticate } from '../../../src/core/www-authenticate.ts'
import {
  type AccessTokenGuardOptions,
  type AccessTokenRecord,
  type AccessTokenRequirement,
  createAccessTokenGuard,
  GuardError,
} from '../../../src/server/access-token.ts'
import { createFreshnessGuard, memoryStore } from '../../../src/server/index.ts'
import { createProver, type ProofFields, type Prover, sha256 } from '../../support/dpop.ts'
import { testKey } from '../../support/keys.ts'
import { type Minting, type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock } from '../../support/shop.ts'

const clock = new ManualClock()
const url = 'https://api.example/transfers'
const audience = 'https://api.example'
const loginAt = 1_800_000_000
let op: ScriptedOp
let key: Prover
let otherKey: Prover
let options: Partial<AccessTokenGuardOptions>

beforeAll(async () => {
  op = await startOp(clock.now)
  key = await createProver()
  otherKey = await createProver()
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = loginAt
  op.down = false
  options = {}
})

const guardOf = () =>
  createAccessTokenGuard({
    ...{
      issuer: op.issuer,
      audience,
      now: clock.now,
      onError: () => {},
      store: memoryStore({ now: clock.now }),
    },
    ...options,
  })

/** As an OP that follows RFC 9068 makes them. */
function mint(claims: Readonly<Record<string, unknown>> = {}, minting: Minting = {}): Promise<string> {
  const usual = { aud: audience, client_id: 'payments', scope: 'read pay', jti: 'j' }
  return op.mint({ ...usual, ...claims }, { ...minting, header: { typ: 'at+jwt', ...minting.header } })
}

async function call(
  authorization: string | null,
  requirement?: AccessTokenRequirement,
  headers: Record<string, string> = {},
): Promise<AccessTokenRecord | GuardError> {
  const all = { ...(authorization !== null && { Authorization: authorization }), ...headers }
  const request = new Request(url, { method: 'POST', headers: all })
  return guardOf()
    .requireAccessToken(request, requirement)
    .catch(error => error)
}

const bearer = async (
  claims?: Readonly<Record<string, unknown>>,
  requirement?: AccessTokenRequirement,
  minting?: Minting,
) => call(`Bearer ${await mint(claims, minting)}`, requirement)

/** The answer as a client sees it. */
async function answerOf(result: AccessTokenRecord | GuardError) {
  if (!(result instanceof GuardError)) throw new Error('The token passed')
  const response = result.toResponse()
  const header = response.headers.get('WWW-Authenticate') ?? ''
  return { status: response.status, header, headers: response.headers, body: await response.json() }
}

const passed = { subject: 'josh' }
const invalid = { code: 'invalid_token' }

describe('an honest token', () => {
  it('passes every time, and its claims are given back', async () => {
    const token = await mint({ acr: 'urn:mfa', auth_time: loginAt - 60, tenant: 'acme' })
    const requirement = { maxAge: 60, acrValues: ['urn:hw', 'urn:mfa'], scope: 'pay' }
    for (const _ of [1, 2]) {
      expect(await call(`Bearer ${token}`, requirement)).toEqual({
        subject: 'josh',
        scope: ['read', 'pay'],
        authTime: loginAt - 60,
        acr: 'urn:mfa',
        claims: expect.objectContaining({ iss: op.issuer, tenant: 'acme' }),
      })
    }
  })

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('may be signed with %s', async alg => {
    expect(await bearer({}, {}, { alg })).toMatchObject(passed)
  })

  it.each<[string, Readonly<Record<string, unknown>>, Minting]>([
    ['of typ AT+JWT', {}, { header: { typ: 'AT+JWT' } }],
    ['of typ application/at+jwt', {}, { header: { typ: 'application/at+jwt' } }],
    ['for several audiences', { aud: ['https://other.example', audience] }, {}],
    ['expired by less than the skew', { exp: loginAt - 29 }, {}],
    ['issued ahead by the skew', { iat: loginAt + 30 }, {}],
    ['good from the skew on', { nbf: loginAt + 30 }, {}],
    ['that says nothing of a login, scope or acr', { auth_time: undefined, scope: undefined }, {}],
  ])('%s passes where nothing more is required', async (_, claims, minting) => {
    expect(await bearer(claims, undefined, minting)).toMatchObject(passed)
  })

  it.each(['bearer', 'BEARER', 'Bearer  '])('is found after %s', async scheme => {
    expect(await call(`${scheme} ${await mint()}`)).toMatchObject(passed)
  })

  it('without scope and acr gives no value for them back', async () => {
    const claims = { scope: undefined, auth_time: '1', acr: ['urn:mfa'] }
    expect(await bearer(claims)).toMatchObject({ scope: [], authTime: undefined, acr: undefined })
  })
})

describe('a token that does not hold is 401 invalid_token', () => {
  it.each<[string, Readonly<Record<string, unknown>>, Minting]>([
    ['of another issuer', { iss: 'https://evil.example' }, {}],
    ['of an issuer that only begins alike', { iss: 'x' }, {}],
    ['for another audience', { aud: 'https://other.example' }, {}],
    ['for no audience', { aud: undefined }, {}],
    ['for an audience that only begins alike', { aud: `${audience}/` }, {}],
    ['expired by the skew', { exp: loginAt - 30 }, {}],
    ['that never expires', { exp: undefined }, {}],
    ['that expires in words', { exp: 'tomorrow' }, {}],
    ['issued in the future', { iat: loginAt + 31 }, {}],
    ['of no time', { iat: undefined }, {}],
    ['not good yet', { nbf: loginAt + 31 }, {}],
    ['without a sub', { sub: undefined }, {}],
    ['of an empty name', { sub: '' }, {}],
    ['of a number', { sub: 7 }, {}],
    ['that is an ID Token by type', {}, { header: { typ: 'JWT' } }],
    ['of no type', {}, { header: { typ: undefined } }],
    ['of a type that is no text', {}, { header: { typ: 1 } }],
    ['that is a logout token', {}, { header: { typ: 'logout+jwt' } }],
    ['signed by another party', {}, { foreignKey: true }],
    ['unsigned', {}, { alg: 'none' }],
    ['signed with the public key as secret', {}, { alg: 'HS256' }],
    ['bound by certificate', { cnf: { 'x5t#S256': 'x' } }, {}],
    ['bound to null', { cnf: null }, {}],
  ])('%s', async (name, claims, minting) => {
    const result = await bearer(claims, undefined, minting)
    expect(result).toBeInstanceOf(GuardError)
    const { status, header, body } = await answerOf(result)
    const isBound = name.startsWith('bound')
    expect([status, body.error]).toEqual([401, isBound ? 'invalid_dpop_proof' : 'invalid_token'])
    expect(header).toMatch(
      isBound
        ? /^DPoP error="invalid_dpop_proof"/
        : /^Bearer error="invalid_token", error_description="[^"\\]+"$/,
    )
  })

  it.each(['x', 'a.b', 'a.b.c', 'e30.e30.e30', `${'a'.repeat(20_000)}`])('no JWT: %.12s', async token => {
    expect(await call(`Bearer ${token}`)).toMatchObject(invalid)
  })

  it('with an unknown key causes no request to the OP if its header rules it out', async () => {
    const before = { ...op.requests }
    for (const alg of ['none', 'HS256'] as const) expect(await bearer({}, {}, { alg })).toMatchObject(invalid)
    expect(await bearer({}, {}, { header: { typ: 'JWT' } })).toMatchObject(invalid)
    expect(op.requests).toEqual(before)
  })
})

describe('plain JWTs, where the options take them,', () => {
  beforeEach(() => {
    options = { acceptPlainJwt: true }
  })

  it.each<[string, string | undefined]>([
    ['JWT', 'JWT'],
    ['jwt', 'jwt'],
    ['none', undefined],
    ['at+jwt', 'at+jwt'],
  ])('pass with typ %s', async (_, typ) => {
    expect(await bearer({}, { maxAge: 0 }, { header: { typ } })).toMatchObject(passed)
  })

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['a nonce', { nonce: 'n' }],
    ['at_hash', { at_hash: 'x' }],
    ['c_hash', { c_hash: 'x' }],
    ['events', { events: {} }],
  ])('are taken for another kind of token when they have %s', async (_, claims) => {
    expect(await bearer(claims, {}, { header: { typ: 'JWT' } })).toMatchObject(invalid)
  })

  it('are taken with no other type', async () => {
    expect(await bearer({}, {}, { header: { typ: 'logout+jwt' } })).toMatchObject(invalid)
  })
})

describe('without credentials of ours the challenge has no error code (RFC 6750 §3.1)', () => {
  it.each([null, '', 'Basic am9zaDp4', 'Bearerx', 'Token x'])(
    'when Authorization is %j',
    async authorization => {
      const result = await call(authorization, { maxAge: 0 })
      expect(result).toMatchObject({ code: 'access_token_required' })
      const { status, header, headers } = await answerOf(result)
      expect([status, header]).toEqual([401, 'Bearer'])
      expect(headers.get('Access-Control-Expose-Headers')).toContain('WWW-Authenticate')
      expect(headers.get('Cache-Control')).toBe('no-store')
    },
  )

  it('and names DPoP with its algorithms where only that will do', async () => {
    options = { requireDpop: true }
    const { header } = await answerOf(await call(null))
    expect(header).toMatch(/^DPoP algs="RS256 [^"]*ES256[^"]*"$/)
    expect(header).not.toContain('error')
  })

  it.each(['Bearer', 'Bearer a b', 'Bearer a, Bearer b', 'Bearer ä', 'DPoP'])(
    '%j is 400',
    async authorization => {
      const result = await call(authorization)
      expect(result).toMatchObject({ code: 'invalid_request' })
      expect((await answerOf(result)).status).toBe(400)
    },
  )
})

describe('the login behind a token', () => {
  const missing = undefined
  it.each<[number, unknown, string | null]>([
    [300, loginAt - 330, null],
    [300, loginAt - 331, 'stale'],
    [300, loginAt - 300, null],
    [300, loginAt, null],
    [300, loginAt + 30, null],
    [0, loginAt, null],
    [0, loginAt - 30, null],
    [0, loginAt - 31, 'stale'],
    [300, 0, 'stale'],
    [300, missing, 'auth_time_missing'],
    [300, null, 'auth_time_missing'],
    [0, missing, 'auth_time_missing'],
    [999_999_999_999_999, missing, 'auth_time_missing'],
    [Number.MAX_SAFE_INTEGER, 0, null],
  ])('with maxAge %s and auth_time %s leads to %s', async (maxAge, auth_time, reason) => {
    const result = await bearer({ auth_time }, { maxAge })
    if (reason === null) expect(result).toMatchObject(passed)
    else {
      expect(result).toMatchObject({ code: 'step_up_required', reason })
      const { status, header, body } = await answerOf(result)
      expect([status, body.error]).toEqual([401, 'insufficient_user_authentication'])
      expect(parseStepUpHeader(header)).toEqual({ scheme: 'Bearer', maxAge })
    }
  })

  it.each<[unknown]>([[loginAt + 31], [loginAt * 1000], ['1800000000'], [1.5], [true], [{}]])(
    'with an auth_time of %j is invalid_token',
    async auth_time => {
      expect(await bearer({ auth_time }, { maxAge: 300 })).toMatchObject(invalid)
    },
  )

  it('counts from now, not from when the token was issued', async () => {
    const authorization = `Bearer ${await mint()}`
    clock.advance(90)
    expect(await call(authorization, { maxAge: 60 })).toMatchObject(passed)
    clock.advance(1)
    expect(await call(authorization, { maxAge: 60 })).toMatchObject({ reason: 'stale' })
  })

  it.each<[unknown, boolean]>([
    ['urn:mfa', true],
    ['urn:hw', true],
    ['urn:pwd', false],
    ['', false],
    [undefined, false],
    [['urn:mfa'], false],
    ['urn:mfa urn:hw', false],
  ])('with acr %j passes: %s', async (acr, passes) => {
    const result = await bearer({ acr, auth_time: undefined }, { acrValues: ['urn:mfa', 'urn:hw'] })
    expect(result).toMatchObject(passes ? passed : { code: 'step_up_required', reason: 'acr_unmet' })
  })
})

describe('the step-up challenge', () => {
  it('keeps the order of acr_values, quotes and escapes (RFC 9470 §3)', async () => {
    const acrValues = ['urn:z', 'urn:a', 'urn:"q"\\']
    const { header, headers } = await answerOf(await bearer({}, { maxAge: 0, acrValues }))
    expect(header).toContain('max_age="0"')
    expect(header).toContain('acr_values="urn:z urn:a urn:\\"q\\"\\\\"')
    expect(parseAuthenticate(header)).toHaveLength(1)
    expect(parseStepUpHeader(header)).toEqual({ scheme: 'Bearer', maxAge: 0, acrValues })
    expect(headers.get('Access-Control-Expose-Headers')).toBe('WWW-Authenticate, Retry-After, Date')
  })

  it('names only what was asked for', async () => {
    const { header } = await answerOf(await bearer({ auth_time: 0 }, { maxAge: 300 }))
    expect(header).not.toContain('acr_values')
    const other = await answerOf(await bearer({ auth_time: 0 }, { acrValues: ['urn:mfa'] }))
    expect(other.header).not.toContain('max_age')
  })

  it('may be read by pages of the allowed origins', async () => {
    options = { origins: ['https://app.example'] }
    const result = await call(null, {}, { Origin: 'https://app.example' })
    const { headers } = await answerOf(result)
    expect(headers.get('Access-Control-Allow-Origin')).toBe('https://app.example')
    expect(headers.get('Vary')).toBe('Origin')
  })
})

describe('scope', () => {
  it.each<[string, unknown, boolean]>([
    ['pay', 'read pay', true],
    ['pay read', 'read pay', true],
    ['pay', 'payments', false],
    ['read pay', 'read', false],
    ['pay', undefined, false],
    ['pay', '', false],
    ['pay', ['pay'], true],
    ['pay', ['read pay'], false],
  ])('%j of %j passes: %s', async (scope, granted, passes) => {
    const result = await bearer({ scope: granted, auth_time: 0 }, { scope })
    expect(result).toMatchObject(passes ? passed : { code: 'insufficient_scope' })
    if (passes) return
    const { status, header, body } = await answerOf(result)
    expect([status, body.error]).toEqual([403, 'insufficient_scope'])
    expect(header).toBe(`Bearer error="insufficient_scope", scope="${scope}"`)
  })

  it('that is missing is reported before a person is made to sign in for it', async () => {
    const result = await bearer({ scope: 'read', auth_time: 0 }, { scope: 'pay', maxAge: 0 })
    expect(result).toMatchObject({ code: 'insufficient_scope' })
  })
})

describe('a token bound to a key (RFC 9449)', () => {
  const bound = () => mint({ cnf: { jkt: key.thumbprint } })
  async function send(
    token: string,
    { scheme = 'DPoP', prover = key, ...fields }: ProofFields & { scheme?: string; prover?: Prover } = {},
    requirement: AccessTokenRequirement = {},
  ): Promise<AccessTokenRecord | GuardError> {
    const claims = { ath: sha256(token), ...fields.claims }
    const DPoP = await prover.prove('POST', url, clock.time, { ...fields, claims })
    return call(`${scheme} ${token}`, requirement, { DPoP })
  }

  it('passes with a proof of that key, and a fresh proof each time', async () => {
    options = { store: memoryStore({ now: clock.now }) }
    const token = await bound()
    expect(await send(token, { claims: { jti: 'a' } })).toMatchObject(passed)
    expect(await send(token, { claims: { jti: 'b' } })).toMatchObject(passed)
    expect(await send(token, { claims: { jti: 'b' } })).toMatchObject({ code: 'invalid_dpop_proof' })
  })

  it.each<[string, string, () => Promise<AccessTokenRecord | GuardError>]>([
    ['as Bearer', 'invalid_dpop_proof', async () => call(`Bearer ${await bound()}`)],
    ['as Bearer with its proof', 'invalid_dpop_proof', async () => send(await bound(), { scheme: 'Bearer' })],
    ['without a proof', 'invalid_dpop_proof', async () => call(`DPoP ${await bound()}`)],
    ['with another key’s proof', 'invalid_token', async () => send(await bound(), { prover: otherKey })],
    [
      'with a proof for another token',
      'invalid_dpop_proof',
      async () => send(await bound(), { claims: { ath: sha256('x') } }),
    ],
    [
      'with a proof for no token',
      'invalid_dpop_proof',
      async () => send(await bound(), { claims: { ath: undefined } }),
    ],
    [
      'with a proof for another URL',
      'invalid_dpop_proof',
      async () => send(await bound(), { claims: { htu: `${url}/x` } }),
    ],
    [
      'with a proof of another time',
      'invalid_dpop_proof',
      async () => send(await bound(), { claims: { iat: loginAt - 91 } }),
    ],
    ['with a forged proof', 'invalid_dpop_proof', async () => send(await bound(), { foreignKey: true })],
    ['that is bound to nothing', 'invalid_token', async () => send(await mint())],
  ])('is refused %s: %s', async (_, code, attempt) => {
    const result = await attempt()
    expect(result).toMatchObject({ code })
    const { status, header } = await answerOf(result)
    expect(status).toBe(401)
    const described = code === 'invalid_token' ? ', error_description="[^"]+"' : ''
    expect(header).toMatch(new RegExp(`^DPoP error="${code}"${described}, algs="`))
  })

  it('is the only kind taken where the options say so', async () => {
    options = { requireDpop: true }
    expect(await bearer()).toMatchObject({ code: 'invalid_dpop_proof' })
    expect(await send(await bound())).toMatchObject(passed)
  })

  it('leaves its proof unused where scope or login will not do', async () => {
    options = { store: memoryStore({ now: clock.now }) }
    const token = await bound()
    const once = (requirement: AccessTokenRequirement) => send(token, { claims: { jti: 'a' } }, requirement)
    expect(await once({ scope: 'admin' })).toMatchObject({ code: 'insufficient_scope' })
    expect(await once({ acrValues: ['urn:mfa'] })).toMatchObject({ reason: 'acr_unmet' })
    expect(await once({ scope: 'pay' })).toMatchObject(passed)
    expect(await once({ scope: 'pay' })).toMatchObject({ code: 'invalid_dpop_proof' })
  })

  it('is a ConfigurationError, not a 503, at a guard that does not know its URL', async () => {
    const errors: unknown[] = []
    options = { audience: 'reports', onError: error => errors.push(error) }
    const result = await send(await mint({ aud: 'reports', cnf: { jkt: key.thumbprint } }))
    expect(result).toMatchObject({ code: 'configuration_invalid' })
    expect(errors).toEqual([])
  })

  it('is challenged in its own scheme', async () => {
    const { header } = await answerOf(await send(await bound(), {}, { acrValues: ['urn:mfa'] }))
    expect(parseStepUpHeader(header)).toEqual({ scheme: 'DPoP', acrValues: ['urn:mfa'] })
  })

  it('may be checked here and its grant by a freshness guard, for one request and one store', async () => {
    const store = memoryStore({ now: clock.now })
    options = { store }
    const freshness = createFreshnessGuard({
      ...{ issuer: op.issuer, clientId: 'payments', audience, store, now: clock.now },
      keys: [testKey(1)],
      actions: { pay: { maxAge: 60 } },
    })
    const token = await bound()
    const DPoP = await key.prove('POST', url, clock.time, { claims: { ath: sha256(token) } })
    const request = new Request(url, { method: 'POST', headers: { Authorization: `DPoP ${token}`, DPoP } })
    expect(await guardOf().requireAccessToken(request)).toMatchObject(passed)
    await expect(freshness.require(request, 'pay', { subject: 'josh' })).rejects.toMatchObject({
      code: 'step_up_required',
      reason: 'grant_missing',
    })
  })
})

describe('a guard that cannot have', () => {
  it('the OP’s keys answers 503, tells onError, and lets nothing pass', async () => {
    const errors: unknown[] = []
    options = { onError: error => errors.push(error) }
    op.down = true
    const result = await bearer()
    expect(result).toMatchObject({ code: 'temporarily_unavailable' })
    const { status, headers } = await answerOf(result)
    expect([status, headers.get('Retry-After')]).toEqual([503, '5'])
    expect(errors).toHaveLength(1)
  })

  it('the store that remembers proofs answers 503', async () => {
    options = { store: { ...memoryStore(), consume: () => Promise.reject(new Error('down')) } }
    const token = await mint({ cnf: { jkt: key.thumbprint } })
    const DPoP = await key.prove('POST', url, clock.time, { claims: { ath: sha256(token) } })
    expect(await call(`DPoP ${token}`, {}, { DPoP })).toMatchObject({ code: 'temporarily_unavailable' })
  })
})

describe('a requirement that is wrong', () => {
  it.each<[string, unknown]>([
    ['maxAge NaN', { maxAge: Number.NaN }],
    ['maxAge below 0', { maxAge: -1 }],
    ['maxAge as text', { maxAge: '300' }],
    ['maxAge null', { maxAge: null }],
    ['maxAge with a fraction', { maxAge: 0.5 }],
    ['maxAge Infinity', { maxAge: Number.POSITIVE_INFINITY }],
    ['no acrValues in the list', { acrValues: [] }],
    ['acrValues as text', { acrValues: 'urn:mfa' }],
    ['an acr with a space', { acrValues: ['a b'] }],
    ['an empty scope', { scope: '' }],
    ['scope as a list', { scope: ['pay'] }],
    ['a misspelt option', { max_age: 0 }],
    ['a list', []],
    ['text', 'pay'],
    ['null', null],
  ])('%s is a ConfigurationError, and no request passes', async (_, requirement) => {
    expect(await bearer({}, requirement as never)).toMatchObject({ code: 'configuration_invalid' })
  })

  it('acrValues are, where the provider reports no acr', async () => {
    options = { provider: { name: 'Cognito', acrClaim: 'none' } }
    expect(await bearer({ acr: 'gold' }, { acrValues: ['gold'] })).toMatchObject({
      code: 'configuration_invalid',
    })
    expect(await bearer({ acr: 'gold' }, {})).toMatchObject({ subject: 'josh' })
  })
})
