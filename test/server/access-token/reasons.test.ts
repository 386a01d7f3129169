import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAuthenticate } from '../../../src/core/www-authenticate.ts'
import {
  type AccessTokenGuardOptions,
  createAccessTokenGuard,
  GuardError,
} from '../../../src/server/access-token.ts'
import { listen } from '../../support/http.ts'
import { type Minting, type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock } from '../../support/shop.ts'

const clock = new ManualClock()
const api = 'https://api.example'
let op: ScriptedOp
let server: Server
/** What the introspection endpoint answers. */
let answer: object

beforeAll(async () => {
  op = await startOp(clock.now)
  server = createServer((_, response) => response.end(JSON.stringify(answer)))
  op.metadata = { introspection_endpoint: `${await listen(server)}/introspect` }
})
afterAll(async () => {
  server.close()
  await op.close()
})

async function refusalOf(token: string, options: Partial<AccessTokenGuardOptions> = {}, maxAge?: number) {
  const guard = createAccessTokenGuard({
    ...{ issuer: op.issuer, audience: api, now: clock.now, store: 'memory', onError: () => {} },
    ...options,
  })
  const request = new Request(api, { headers: { Authorization: `Bearer ${token}` } })
  const error = await guard
    .requireAccessToken(request, maxAge === undefined ? {} : { maxAge })
    .catch(thrown => thrown)
  if (!(error instanceof GuardError)) throw new Error('The token passed')
  const response = error.toResponse()
  const header = response.headers.get('WWW-Authenticate') ?? ''
  return { error, header, body: (await response.json()) as Record<string, string> }
}

const now = clock.time
type Claims = Readonly<Record<string, unknown>>
type Row = [claim: string, value: string, claims: Claims, minting?: Minting]

describe('a refused token says why', () => {
  it.each<Row>([
    ['aud', '["https://other"]', { aud: ['https://other'] }],
    ['aud', '', { aud: undefined }],
    ['iss', '"https://evil.example"', { iss: 'https://evil.example' }],
    ['iss', '', { iss: undefined }],
    ['exp', String(now - 30), { exp: now - 30 }],
    ['exp', '"soon"', { exp: 'soon' }],
    ['exp', '', { exp: undefined }],
    ['nbf', String(now + 31), { nbf: now + 31 }],
    ['iat', String(now + 31), { iat: now + 31 }],
    ['iat', '', { iat: undefined }],
    ['sub', '', { sub: undefined }],
    ['sub', '', { sub: 7 }],
    ['typ', '"JWT"', {}, { header: { typ: 'JWT' } }],
    ['typ', '"logout+jwt"', {}, { header: { typ: 'logout+jwt' } }],
    ['the signature', '', {}, { foreignKey: true }],
    ['alg', '', {}, { alg: 'HS256' }],
    ['kid', '', {}, { header: { kid: 'unheard-of' } }],
    ['auth_time', '"soon"', { auth_time: 'soon' }],
    ['auth_time', String(now + 31), { auth_time: now + 31 }],
  ])('%s %s', async (claim, value, claims, minting = {}) => {
    const token = await op.mint(
      { aud: api, ...claims },
      { ...minting, header: { typ: 'at+jwt', ...minting.header } },
    )
    const { error, header, body } = await refusalOf(token, {}, 60)
    expect(error.code).toBe('invalid_token')
    expect(error.detail).toMatch(new RegExp(`^${claim} `))
    expect(error.detail).toContain(value)
    expect(error.message).toContain(error.detail)
    const [challenge] = parseAuthenticate(header)
    const described = challenge?.parameters.error_description
    expect(described).toMatch(new RegExp(`^${claim} `))
    expect(body.error_description).toBe(described)
  })

  it('and tells the client nothing of the token’s text, in the characters of RFC 6750 §3', async () => {
    const secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQ'
    for (const claims of [{ aud: secret }, { iss: secret }, { exp: secret }, { sub: '', uid: secret }]) {
      const token = await op.mint({ aud: api, ...claims }, { header: { typ: 'at+jwt' } })
      const { error, header, body } = await refusalOf(token)
      expect(header).toMatch(
        /^Bearer error="invalid_token", error_description="[\x20\x21\x23-\x5b\x5d-\x7e]+"$/,
      )
      expect(header + JSON.stringify(body)).not.toContain('c2Vj')
      // Such a word may be a token, so the log does not have it either.
      expect(`${error.message} ${error.detail}`).not.toContain('c2Vj')
      for (const part of token.split('.')) expect(error.message).not.toContain(part)
    }
  })

  it('also where its text is no JWT, and no introspection is set up', async () => {
    const { error } = await refusalOf('opaque-c2VjcmV0LXNlY3JldC1zZWNyZXQ')
    expect(error.detail).toMatch(/introspection/)
    expect(error.message).not.toContain('c2Vj')
  })

  it('names the options that would take a plain JWT', async () => {
    const { error } = await refusalOf(await op.mint({ aud: api }))
    expect(error.detail).toBe('typ "JWT" is not at+jwt, see the options acceptPlainJwt and provider')
  })

  it('names the claim that marks an ID Token', async () => {
    const { error } = await refusalOf(await op.mint({ aud: api, nonce: 'n' }), { acceptPlainJwt: true })
    expect(error.detail).toMatch(/^nonce /)
  })

  it('of the profile’s rules, when they say no', async () => {
    const isAccessToken = (): boolean => false
    const subjectOf = ({ uid }: Claims): unknown => uid
    const kind = await refusalOf(await op.mint({ aud: api }), { provider: { name: 'x', isAccessToken } })
    expect(kind.error.detail).toMatch(/isAccessToken/)
    const typed = await op.mint({ aud: api }, { header: { typ: 'at+jwt' } })
    expect((await refusalOf(typed, { subjectOf })).error.detail).toMatch(/^subjectOf /)
  })

  it.each<[string, object, RegExp]>([
    ['inactive', { active: false }, /active/],
    ['for no API', { active: true, sub: 'josh' }, /^aud .*introspection/],
    ['for another API', { active: true, sub: 'josh', aud: 'x' }, /^aud "x"/],
    ['without a person', { active: true, aud: api }, /^sub /],
  ])('when the OP says that it is %s', async (_, introspected, words) => {
    answer = introspected
    const introspection = { clientId: 'api', clientSecret: 'secret' }
    const { error, body } = await refusalOf('opaque', { introspection })
    expect(error).toMatchObject({ code: 'invalid_token', detail: expect.stringMatching(words) })
    expect(body.error_description).toEqual(expect.any(String))
  })
})

it('a refusal for another reason has no detail', async () => {
  const token = await op.mint({ aud: api, auth_time: 0 }, { header: { typ: 'at+jwt' } })
  expect((await refusalOf(token, {}, 60)).error).toMatchObject({ reason: 'stale', detail: undefined })
})
