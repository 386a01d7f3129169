import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ProviderProfile, SignOutRequest } from '../../src/core/provider-profile.ts'
import type { AuthorizationRequest, TokenSet, Transaction } from '../../src/core/tokens.ts'
import {
  createOpenIdProvider,
  type OpenIdProvider,
  type OpenIdProviderOptions,
  type Redeemed,
} from '../../src/op/openid-provider.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { type AuthorizationAnswer, type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock } from '../support/shop.ts'

const clock = new ManualClock()
let server: ScriptedOp
let op: OpenIdProvider

const connect = (timeLimit = 10, more: Partial<OpenIdProviderOptions> = {}): OpenIdProvider =>
  createOpenIdProvider({
    browser: pageBrowser,
    issuer: server.issuer,
    clientId: 'payments',
    scope: 'openid profile',
    callbackUrl: 'https://app.example/auth/callback.html',
    profile: { name: 'test' },
    now: clock.now,
    clockSkew: 30,
    timeLimit,
    ...more,
  })

const connectAs = (profile: Partial<ProviderProfile>): OpenIdProvider =>
  connect(10, { profile: { name: 'test', ...profile } })

beforeAll(async () => {
  server = await startOp(clock.now)
})
afterAll(() => server.close())
beforeEach(() => {
  server.metadata = {}
  server.down = false
  server.hangs = false
  op = connect()
})

async function login(
  answer: AuthorizationAnswer = {},
  request: Partial<AuthorizationRequest> = {},
): Promise<Redeemed> {
  const transaction = await op.begin({ kind: 'sign_in', ...request })
  return op.redeem(transaction, server.authorize(transaction.url, answer))
}

describe('a request', () => {
  const query = async (request: Partial<AuthorizationRequest> = {}): Promise<Record<string, string>> =>
    Object.fromEntries(new URL((await op.begin({ kind: 'sign_in', ...request })).url).searchParams)

  it('carries PKCE, a state and a nonce of its own each time', async () => {
    const [first, second] = [await query(), await query()]
    expect(first).toMatchObject({
      response_type: 'code',
      client_id: 'payments',
      code_challenge_method: 'S256',
      scope: 'openid profile',
      redirect_uri: 'https://app.example/auth/callback.html',
    })
    for (const name of ['state', 'nonce', 'code_challenge'] as const)
      expect(first[name]).not.toBe(second[name])
  })

  it('carries the backend’s nonce, and max_age 0 as a number', async () => {
    const sent = await query({
      nonce: 'n',
      prompt: 'login',
      maxAge: 0,
      acrValues: ['a', 'b'],
      loginHint: 'josh',
    })
    expect(sent).toMatchObject({
      nonce: 'n',
      prompt: 'login',
      max_age: '0',
      acr_values: 'a b',
      login_hint: 'josh',
    })
  })

  it.each([
    [undefined, 'fragment'],
    [['query', 'fragment'], 'fragment'],
    [['query'], 'query'],
  ])('of an OP with the response modes %j asks for %s', async (modes, mode) => {
    server.metadata = { response_modes_supported: modes }
    expect(await query()).toMatchObject({ response_mode: mode })
  })

  it('asks for auth_time where the OP takes the claims parameter', async () => {
    expect((await query()).claims).toBeUndefined()
    server.metadata = { claims_parameter_supported: true }
    op = connect()
    expect((await query()).claims).toContain('auth_time')
  })

  const year = '31536000'
  it.each([
    [{}, {}, {}, year],
    [{}, { claims_parameter_supported: false }, {}, year],
    [{}, { claims_parameter_supported: true }, {}, null],
    [{ authTime: 'requested' }, {}, {}, year],
    [{ authTime: 'login' }, {}, {}, year],
    [{ authTime: 'always' }, {}, {}, null],
    [{ authTime: 'unknown' }, {}, {}, null],
    [{ authTime: 'person' }, {}, {}, null],
    [{ maxAge: 'none' }, {}, {}, null],
    [{}, {}, { maxAge: 0 }, '0'],
    [{}, {}, { maxAge: 60, preferredMaxAge: 30 }, '60'],
    [{}, {}, { preferredMaxAge: 600 }, '600'],
    [{}, {}, { preferredMaxAge: 2 * 31_536_000 }, year],
    [{ authTime: 'always' }, {}, { preferredMaxAge: 600 }, '600'],
    [{}, { claims_parameter_supported: true }, { preferredMaxAge: 2 * 31_536_000 }, `${2 * 31_536_000}`],
    [{}, {}, { kind: 'restore', prompt: 'none' }, year],
    [{}, {}, { kind: 'renewal', prompt: 'none' }, year],
    [{}, {}, { kind: 'step_up', acrValues: ['gold'] }, year],
  ] as const)(
    'with the profile %j and the discovery %j asks by %j for max_age %s, so that auth_time comes',
    async (profile, metadata, request, maxAge) => {
      server.metadata = metadata
      op = connectAs(profile)
      expect((await query(request)).max_age ?? null).toBe(maxAge)
    },
  )

  it('for any age is not held to it', async () => {
    const { shortfall } = await login({ claims: { auth_time: undefined } })
    expect(shortfall).toBeNull()
  })

  it('asks for an authentication context by its claim alone, and is held to it', async () => {
    op = connectAs({ acrClaim: 'acrs' })
    const { url, acrValues } = await op.begin({ kind: 'step_up', acrValues: ['c1'] })
    const { searchParams } = new URL(url)
    expect(searchParams.has('acr_values')).toBe(false)
    expect(JSON.parse(searchParams.get('claims') ?? '')).toEqual({
      id_token: { acrs: { essential: true, value: 'c1' } },
    })
    expect(acrValues).toEqual(['c1'])
  })

  it('asks for an essential acr where the profile says so, whatever discovery says of claims', async () => {
    op = connectAs({ acrClaim: 'essential' })
    const { claims, acr_values } = await query({ acrValues: ['gold'] })
    expect(JSON.parse(claims ?? '')).toEqual({ id_token: { acr: { essential: true, values: ['gold'] } } })
    expect(acr_values).toBe('gold')
  })

  it('with an empty list of acr values asks for none, and is held to none', async () => {
    const { url, acrValues } = await op.begin({ kind: 'sign_in', acrValues: [] })
    expect(new URL(url).searchParams.has('acr_values')).toBe(false)
    expect(acrValues).toBeUndefined()
  })

  it('for no person is an error where prompt=none is listed by neither discovery nor the profile', async () => {
    server.metadata = { prompt_values_supported: ['login'] }
    op = connectAs({ promptValues: ['consent'] })
    const asked = op.begin({ kind: 'restore', prompt: 'none' })
    await expect(asked).rejects.toMatchObject({ code: 'interaction_required' })
    op = connectAs({ promptValues: ['none'] })
    await expect(op.begin({ kind: 'restore', prompt: 'none' })).resolves.toBeDefined()
    expect(await op.promptValues()).toEqual(['login', 'none'])
  })

  it('with a prompt that the OP does not list fails before leaving', async () => {
    server.metadata = { prompt_values_supported: ['none', 'login'] }
    await expect(op.begin({ kind: 'sign_in', prompt: 'create' })).rejects.toMatchObject({
      code: 'configuration_invalid',
    })
  })
})

describe('discovery', () => {
  it('happens once for requests that come together', async () => {
    const before = server.requests.discovery
    await Promise.all([op.begin({ kind: 'sign_in' }), op.begin({ kind: 'sign_in' })])
    expect(server.requests.discovery).toBe(before + 1)
  })

  it('of another issuer is refused', async () => {
    server.metadata = { issuer: 'https://evil.example' }
    await expect(op.begin({ kind: 'sign_in' })).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  it('that failed is tried again', async () => {
    server.down = true
    await expect(op.begin({ kind: 'sign_in' })).rejects.toMatchObject({ code: 'network' })
    server.down = false
    await expect(op.begin({ kind: 'sign_in' })).resolves.toBeDefined()
  })

  it('that hangs ends in a timeout', async () => {
    server.hangs = true
    await expect(connect(0.05).begin({ kind: 'sign_in' })).rejects.toMatchObject({ code: 'timeout' })
  })
})

describe('discovery whose body never ends', () => {
  it('ends in a timeout, and is tried again', async () => {
    const network = globalThis.fetch
    const endless = new Response(new ReadableStream({ pull: () => new Promise(() => {}) }), {
      headers: { 'Content-Type': 'application/json' },
    })
    vi.stubGlobal('fetch', async () => endless)
    const one = connect(0.05)
    await expect(one.begin({ kind: 'sign_in' })).rejects.toMatchObject({ code: 'timeout' })
    vi.stubGlobal('fetch', network)
    await expect(one.begin({ kind: 'sign_in' })).resolves.toBeDefined()
  })
})

describe('an answer', () => {
  it('gives who signed in, and tokens', async () => {
    const { tokens, shortfall } = await login({ claims: { name: 'Josh', preferred_username: 'josh@bank' } })
    expect(shortfall).toBeNull()
    expect(tokens).toMatchObject({
      account: { iss: server.issuer, sub: 'josh', name: 'Josh', username: 'josh@bank' },
      accessToken: 'at',
    })
  })

  it('is redeemed once', async () => {
    const transaction = await op.begin({ kind: 'sign_in' })
    const params = server.authorize(transaction.url)
    await op.redeem(transaction, params)
    await expect(op.redeem(transaction, params)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('of another transaction is refused without a request', async () => {
    const [mine, other] = [await op.begin({ kind: 'sign_in' }), await op.begin({ kind: 'sign_in' })]
    const before = server.requests.token
    await expect(op.redeem(mine, server.authorize(other.url))).rejects.toMatchObject({
      error: 'state_mismatch',
    })
    expect(server.requests.token).toBe(before)
  })

  const now = clock.time
  it.each<[string, AuthorizationAnswer, string, string]>([
    ['another issuer', { claims: { iss: 'https://evil.example' } }, 'iss', 'mismatch'],
    ['another audience', { claims: { aud: 'other' } }, 'aud', 'mismatch'],
    ['a second audience', { claims: { aud: ['payments', 'other'], azp: 'payments' } }, 'aud', 'untrusted'],
    ['another authorized party', { claims: { azp: 'other' } }, 'azp', 'mismatch'],
    ['an expired token', { claims: { exp: now - 30 } }, 'exp', 'expired'],
    ['a token of the future', { claims: { iat: now + 31 } }, 'iat', 'future'],
    ['no sub', { claims: { sub: undefined } }, 'sub', 'missing'],
    ['the algorithm none', { minting: { alg: 'none' } }, 'alg', 'untrusted'],
    ['HS256', { minting: { alg: 'HS256' } }, 'alg', 'untrusted'],
    ['the type of an access token', { minting: { header: { typ: 'at+jwt' } } }, 'typ', 'mismatch'],
    ['no ID Token', { token: { id_token: undefined } }, 'id_token', 'missing'],
  ])('with %s is refused', async (_, answer, claim, reason) => {
    await expect(login(answer)).rejects.toMatchObject({ code: 'id_token_invalid', claim, reason })
  })

  it.each([
    ['another nonce', 'x'],
    ['no nonce', undefined],
  ])('with %s is refused', async (_, nonce) => {
    await expect(login({ claims: { nonce } })).rejects.toMatchObject({
      code: 'id_token_invalid',
      claim: 'nonce',
    })
  })

  it('whose at_hash is another access token’s is refused', async () => {
    const good = createHash('sha256').update('at').digest().subarray(0, 16).toString('base64url')
    await expect(login({ claims: { at_hash: good } })).resolves.toBeDefined()
    const refused = login({ claims: { at_hash: good }, token: { access_token: 'other' } })
    await expect(refused).rejects.toMatchObject({ code: 'id_token_invalid', claim: 'at_hash' })
  })

  it.each([
    ['a number', 300, 300],
    ['text', '300', 300],
    ['nothing', undefined, null],
    ['null', null, null],
    ['nonsense', 'soon', null],
    ['a negative number', -1, null],
    ['zero', 0, null],
    ['zero as text', '0', null],
    ['empty text', '', null],
    ['a blank', ' ', null],
    ['less than a second', 0.9, null],
    ['one second', 1, 1],
    ['a second and a half', 1.5, 1],
    ['fractions as text', '300.7', 300],
    ['a number in hexadecimal', '0x12c', null],
    ['true', true, null],
    ['a list', [300], null],
    ['an object', {}, null],
    ['text that is infinite', 'Infinity', null],
  ])('with an expires_in of %s', async (_, expires_in, lifetime) => {
    const { tokens } = await login({ token: { expires_in } })
    expect(tokens.accessTokenExpiresAt).toBe(lifetime === null ? null : clock.time + lifetime)
  })

  it('that is an error keeps every field of it, vendor fields too', async () => {
    const body = JSON.stringify({
      error: 'access_denied',
      error_description: 'Nein, für Sie nicht',
      error_reason: 'r',
    })
    const refused = login({ raw: { status: 403, type: 'application/json', body } })
    const parameters = { error: 'access_denied', error_description: 'Nein, für Sie nicht', error_reason: 'r' }
    await expect(refused).rejects.toMatchObject({
      code: 'authorization_failed',
      error: 'access_denied',
      parameters,
    })
  })

  it('signed with an algorithm that the OP does not advertise is refused', async () => {
    server.metadata = { id_token_signing_alg_values_supported: ['ES256'] }
    await expect(login()).rejects.toMatchObject({ code: 'id_token_invalid', claim: 'alg' })
  })

  it.each<[string, AuthorizationAnswer['raw'], string]>([
    ['HTML', { status: 200, type: 'text/html', body: '<h1>Sorry</h1>' }, 'network'],
    ['a 500', { status: 500, type: 'application/json', body: '{}' }, 'network'],
    ['a 500 without a word', { status: 500, type: 'text/plain', body: '' }, 'network'],
    ['a 400 without a word', { status: 400, type: 'text/plain', body: '' }, 'authorization_failed'],
    ['nothing', { status: 200, type: 'application/json', body: '' }, 'id_token_invalid'],
    [
      'an error',
      { status: 400, type: 'application/json', body: '{"error":"invalid_grant"}' },
      'authorization_failed',
    ],
  ])('whose token request gets %s is a typed error that quotes no secret', async (_, raw, code) => {
    const transaction = await op.begin({ kind: 'sign_in' })
    const refused = await op
      .redeem(transaction, server.authorize(transaction.url, { ...(raw && { raw }) }))
      .catch(e => e)
    expect(refused).toMatchObject({ code })
    const verifier = transaction.codeVerifier
    expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toContain(verifier)
    expect(refused.cause).toBeUndefined()
  })
})

describe('an answer of a token endpoint that leaves out', () => {
  it.each([
    ['access_token', undefined],
    ['access_token', null],
    ['access_token', ''],
    ['access_token', 7],
    ['token_type', undefined],
    ['token_type', null],
    ['token_type', ''],
    ['token_type', 7],
  ])('%s (%j) is refused in words that say so', async (member, value) => {
    const error = `${member}_missing`
    const message = expect.stringContaining(`must give`)
    const refused = { code: 'authorization_failed', error, message }
    await expect(login({ token: { [member]: value } })).rejects.toMatchObject(refused)
    const { tokens } = await login({ token: { refresh_token: 'rt' } })
    server.refreshAnswer = { token: { [member]: value } }
    await expect(op.refresh(tokens)).rejects.toMatchObject(refused)
    server.refreshAnswer = {}
  })
})

describe('an answer with a second audience', () => {
  const twice = { claims: { aud: ['payments', 'project'], azp: 'payments' } }

  it.each<[string, OpenIdProviderOptions['trustedAudiences']]>([
    ['a list', ['project']],
    ['a rule', audience => audience === 'project'],
  ])('is accepted where %s trusts it', async (_, trustedAudiences) => {
    op = connect(10, { trustedAudiences })
    expect((await login(twice)).tokens.account.sub).toBe('josh')
  })

  it('is refused with its name where no option trusts it', async () => {
    await expect(login(twice)).rejects.toMatchObject({ reason: 'untrusted', audience: 'project' })
  })

  it('is an error of the set-up where the rule throws', async () => {
    const rule = () => {
      throw new Error('no such project')
    }
    op = connect(10, { trustedAudiences: rule })
    await expect(login(twice)).rejects.toMatchObject({ code: 'configuration_invalid' })
  })
})

describe('an answer of an OP with several issuers', () => {
  const issuers = ['https://op.example/a', 'https://op.example/b']
  const [iss, other] = issuers
  beforeEach(() => {
    op = connectAs({ issuers })
  })

  it.each(issuers)('may name %s, also as the response’s iss', async one => {
    const { tokens } = await login({ claims: { iss: one }, response: { iss: one } })
    expect(tokens.account.iss).toBe(one)
  })

  it('may not name the configured issuer, which is not listed', async () => {
    await expect(login({ response: { iss } })).rejects.toMatchObject({ claim: 'iss' })
    await expect(login({ claims: { iss } })).rejects.toMatchObject({ error: 'iss_mismatch' })
  })

  it('may not name another of them after a refresh', async () => {
    const answer = { claims: { iss }, response: { iss }, token: { refresh_token: 'rt' } }
    const { tokens } = await login(answer)
    server.refreshAnswer = { claims: { iss: other } }
    await expect(op.refresh(tokens)).rejects.toMatchObject({ claim: 'iss', reason: 'mismatch' })
  })
})

describe('what the transaction sent is held against what came back', () => {
  const asked = (
    request: Partial<AuthorizationRequest>,
    claims: Record<string, unknown>,
  ): Promise<Redeemed> => login({ claims }, request)

  it.each([
    ['fresh enough', 60, 0, null],
    ['as old as allowed, with skew', 60, 90, null],
    ['a second older', 60, 91, 'too_old'],
    ['old, with max_age 0', 0, 31, 'too_old'],
    ['new, with max_age 0', 0, 0, null],
  ])('an auth_time that is %s', async (_, maxAge, age, reason) => {
    const { shortfall } = await asked({ maxAge }, { auth_time: clock.time - age })
    expect(shortfall?.reason ?? null).toBe(reason)
  })

  it.each([
    [undefined, 'missing'],
    [null, 'missing'],
    ['now', 'malformed'],
  ])('an auth_time of %j', async (auth_time, reason) => {
    expect((await asked({ maxAge: 0 }, { auth_time })).shortfall).toMatchObject({
      claim: 'auth_time',
      reason,
    })
  })

  it.each<[string, unknown, string | null]>([
    ['of this second', clock.time, null],
    ['from before the request, within the skew', clock.time - 30, null],
    ['a second older', clock.time - 31, 'too_old'],
    ['of yesterday', clock.time - 86_400, 'too_old'],
    ['that is missing', undefined, null],
    ['of zero, as OPs write it that do not know it', 0, null],
    ['that is no time', 'now', null],
  ])('where a new login was asked for, an auth_time %s', async (_, auth_time, reason) => {
    const { shortfall } = await asked({ kind: 'sign_in', prompt: 'login' }, { auth_time })
    expect(shortfall?.reason ?? null).toBe(reason)
    const switched = await asked({ kind: 'switch_account', prompt: 'login' }, { auth_time })
    expect(switched.shortfall).toBeNull()
  })

  it('an auth_time that was not asked for is not needed', async () => {
    expect((await asked({}, { auth_time: undefined })).shortfall).toBeNull()
  })

  it.each([
    ['b', null],
    ['c', 'acr'],
    [undefined, 'acr'],
  ])('an acr of %j where a or b was asked for', async (acr, claim) => {
    expect((await asked({ acrValues: ['a', 'b'] }, { acr })).shortfall?.claim ?? null).toBe(claim)
  })

  it.each([
    [['c', 'b'], null],
    [['c'], 'acrs'],
    ['b', 'acrs'],
    [undefined, 'acrs'],
  ])('acrs of %j where a or b was asked for, and is reported there', async (acrs, claim) => {
    op = connectAs({ acrClaim: 'acrs' })
    const { shortfall } = await asked({ acrValues: ['a', 'b'] }, { acrs, acr: 'a' })
    expect(shortfall?.claim ?? null).toBe(claim)
  })
})

describe('a refresh', () => {
  const signedIn = async (): Promise<TokenSet> =>
    (await login({ token: { refresh_token: 'rt' }, claims: { auth_time: clock.time - 100 } })).tokens
  const kept = { auth_time: clock.time - 100 }

  it('gives new tokens, and uses the rotated refresh token from then on', async () => {
    server.refreshAnswer = { claims: kept, token: { refresh_token: 'rt2' } }
    const { tokens: renewed } = await op.refresh(await signedIn())
    expect(renewed).toMatchObject({ accessToken: 'at2', refreshToken: 'rt2' })
    expect(server.forms.at(-1)?.get('refresh_token')).toBe('rt')
  })

  it('without a new refresh token keeps the old one', async () => {
    server.refreshAnswer = { claims: kept }
    expect((await op.refresh(await signedIn())).tokens.refreshToken).toBe('rt')
  })

  it('without an ID Token keeps the old claims, and changes nothing about freshness', async () => {
    server.refreshAnswer = { token: { id_token: undefined } }
    const before = await signedIn()
    const { claims, idToken, accessToken } = (await op.refresh(before)).tokens
    expect({ claims, idToken }).toEqual({ claims: before.claims, idToken: before.idToken })
    expect(accessToken).toBe('at2')
  })

  it.each([
    ['another person', { sub: 'jane' }, 'sub'],
    ['another audience', { aud: ['payments', 'payments'], azp: 'payments' }, 'aud'],
    ['an azp that was not there', { azp: 'payments' }, 'azp'],
    ['another nonce', { nonce: 'other' }, 'nonce'],
    ['another issuer', { iss: 'https://evil.example' }, 'iss'],
    ['an expired token', { exp: clock.time - 31 }, 'exp'],
  ])('with %s is refused', async (_, claims, claim) => {
    server.refreshAnswer = { claims: { ...kept, ...claims } }
    await expect(op.refresh(await signedIn())).rejects.toMatchObject({ code: 'id_token_invalid', claim })
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['a newer login', { auth_time: clock.time }, 'rt2'],
    ['an older login', { auth_time: 0 }, 'rt2'],
    ['a login that is told as text', { auth_time: 'now' }, 'rt2'],
  ])('with %s gives nothing but the rotated refresh token', async (_, claims, refreshToken) => {
    const before = await signedIn()
    server.refreshAnswer = { claims, token: { refresh_token: refreshToken } }
    const { tokens, unusable } = await op.refresh(before)
    expect(unusable).toMatchObject({ code: 'id_token_invalid', claim: 'auth_time', reason: 'mismatch' })
    expect(tokens).toEqual({ ...before, refreshToken })
  })

  it.each([undefined, null])(
    'whose ID Token has an auth_time of %s keeps the one that shows the login',
    async auth_time => {
      const before = await signedIn()
      server.refreshAnswer = { claims: { auth_time } }
      const { tokens, unusable } = await op.refresh(before)
      expect(unusable).toBeNull()
      expect(tokens).toEqual({ ...before, accessToken: 'at2' })
    },
  )

  it('that is the first to tell an auth_time is taken', async () => {
    const { tokens: before } = await login({
      token: { refresh_token: 'rt' },
      claims: { auth_time: undefined },
    })
    server.refreshAnswer = { claims: kept }
    const { tokens, unusable } = await op.refresh(before)
    expect(unusable).toBeNull()
    expect(tokens.claims).toMatchObject(kept)
  })

  it('with a newer login is taken where auth_time is the person’s, and not this browser’s', async () => {
    op = connect(10, { profile: { name: 'test', authTime: 'person' } })
    server.refreshAnswer = { claims: { auth_time: clock.time } }
    const { tokens, unusable } = await op.refresh(await signedIn())
    expect(unusable).toBeNull()
    expect(tokens).toMatchObject({ accessToken: 'at2', claims: { auth_time: clock.time } })
  })

  it('may repeat the nonce of the login', async () => {
    const before = await signedIn()
    server.refreshAnswer = { claims: { ...kept, nonce: before.claims.nonce } }
    await expect(op.refresh(before)).resolves.toBeDefined()
  })

  it('without a refresh token sends nothing', async () => {
    const { tokens } = await login()
    const before = server.forms.length
    await expect(op.refresh(tokens)).rejects.toMatchObject({ error: 'refresh_token_missing' })
    expect(server.forms).toHaveLength(before)
  })
})

it.each([
  ['rt', 'rt', 'refresh_token'],
  [undefined, 'at', 'access_token'],
])('revocation with the refresh token %j', async (refresh_token, token, hint) => {
  const { tokens } = await login({ token: { refresh_token } })
  await op.revoke(tokens)
  expect(Object.fromEntries(server.forms.at(-1) ?? [])).toMatchObject({ token, token_type_hint: hint })
})

describe('the end of the OP’s own session', () => {
  it('is asked for with who and where to go afterwards, and a state of its own each time', async () => {
    server.metadata = { end_session_endpoint: `${server.issuer}/end?tenant=a%20b` }
    const [first, second] = [await op.beginSignOut('id token'), await op.beginSignOut('id token')]
    const url = new URL(first?.url ?? '')
    expect(url.origin + url.pathname).toBe(`${server.issuer}/end`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      tenant: 'a b',
      client_id: 'payments',
      id_token_hint: 'id token',
      post_logout_redirect_uri: 'https://app.example/auth/callback.html',
      state: first?.state,
    })
    expect(first?.state).toMatch(/^[\w-]{32,}$/)
    expect(second?.state).not.toBe(first?.state)
  })

  it('cannot be asked of an OP without a page for it', async () => {
    expect(await op.beginSignOut('id token')).toBeNull()
  })

  const back = 'https://app.example/auth/callback.html'
  it.each<[SignOutRequest, Record<string, unknown>]>([
    [{ returnParam: 'logout_uri' }, { client_id: 'payments', logout_uri: back, state: expect.any(String) }],
    [
      { returnParam: 'redirect', keepsState: false },
      { client_id: 'payments', redirect: back },
    ],
    [
      { keepsState: false },
      { client_id: 'payments', id_token_hint: 'id token', post_logout_redirect_uri: back },
    ],
  ])('is asked for as the profile %j says', async (signOut, wire) => {
    server.metadata = { end_session_endpoint: `${server.issuer}/end?tenant=a` }
    op = connectAs({ signOut })
    const request = await op.beginSignOut('id token')
    const { searchParams } = new URL(request?.url ?? '')
    expect(Object.fromEntries(searchParams)).toEqual({ tenant: 'a', ...wire })
    expect(request?.state).toBe(searchParams.get('state') ?? 'sign-out')
  })

  it('is asked for where the profile says, if discovery does not', async () => {
    const signOut = { endpoint: 'https://op.example/logout' }
    op = connectAs({ signOut })
    expect((await op.beginSignOut('id token'))?.url).toContain('https://op.example/logout?')
    server.metadata = { end_session_endpoint: `${server.issuer}/end` }
    op = connectAs({ signOut })
    expect((await op.beginSignOut('id token'))?.url).toContain(`${server.issuer}/end?`)
  })
})

it('a transaction survives JSON, as a redirect needs', async () => {
  const transaction: Transaction = JSON.parse(JSON.stringify(await op.begin({ kind: 'sign_in', maxAge: 0 })))
  const { tokens } = await connect().redeem(transaction, server.authorize(transaction.url))
  expect(tokens.account.sub).toBe('josh')
})

describe('the discovery document', () => {
  const elsewhere = (): string => `${server.issuer}/elsewhere/openid-configuration`
  const wellKnown = (): string => `${server.issuer}/.well-known/openid-configuration`
  /** The URLs that are asked for. */
  const asked = (): string[] => vi.mocked(fetch).mock.calls.map(([input]) => String(input))
  beforeEach(() => {
    vi.spyOn(globalThis, 'fetch')
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('is at the issuer, unless the app says where', async () => {
    await connect().begin({ kind: 'sign_in' })
    await connect(10, { metadataUrl: elsewhere() }).begin({ kind: 'sign_in' })
    expect(asked()).toEqual([wellKnown(), elsewhere()])
  })

  it('must name the configured issuer, wherever it is', async () => {
    server.metadata = { issuer: 'https://other.example' }
    const begun = connect(10, { metadataUrl: elsewhere() }).begin({ kind: 'sign_in' })
    await expect(begun).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  it('may name a template, when the app has configured exactly that', async () => {
    const template = `${server.issuer}/{tenantid}/v2.0`
    server.metadata = { issuer: template }
    const { url } = await connect(10, { issuer: template, metadataUrl: elsewhere() }).begin({
      kind: 'sign_in',
    })
    expect(url.startsWith(`${server.issuer}/authorize?`)).toBe(true)
  })

  it('is not fetched where the app says what it says', async () => {
    const metadata = await (await fetch(wellKnown())).json()
    vi.mocked(fetch).mockClear()
    const { url } = await connect(10, { metadata }).begin({ kind: 'sign_in' })
    expect(url.startsWith(`${server.issuer}/authorize?`)).toBe(true)
    expect(asked()).toEqual([])
  })

  it('is checked where the app says what it says', async () => {
    const begun = connect(10, { metadata: { issuer: server.issuer } }).begin({ kind: 'sign_in' })
    await expect(begun).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  it('is what shows that the OP is there, at its own place', async () => {
    await connect(10, { metadataUrl: elsewhere() }).probe()
    expect(asked()).toEqual([elsewhere()])
  })

  it('need not be there at all where the app says what it says: then the keys show that the OP is there', async () => {
    const metadata = await (await fetch(wellKnown())).json()
    vi.mocked(fetch).mockClear()
    const given = connect(10, { metadata })
    await given.probe()
    expect(asked()).toEqual([`${server.issuer}/jwks`])
    server.down = true
    await expect(given.probe()).rejects.toMatchObject({ code: 'network' })
  })
})
