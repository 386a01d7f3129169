import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProviderProfile } from '../../../src/core/provider-profile.ts'
import {
  type AccessTokenGuardOptions,
  type AccessTokenRequirement,
  createAccessTokenGuard,
} from '../../../src/server/access-token.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock } from '../../support/shop.ts'

const clock = new ManualClock()
const api = 'https://api.example'
const adfsIssuer = 'http://fs.example/adfs/services/trust'
let op: ScriptedOp

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
})

type Claims = Readonly<Record<string, unknown>>

/** One vendor's habits, as its documentation has them, and what its tokens look like. */
interface Vendor {
  readonly profile: ProviderProfile
  readonly audience: string
  readonly header: Claims
  readonly access: Claims
  readonly id: Claims
}

const vendors: Record<string, Vendor> = {
  'Keycloak before 25': {
    profile: { name: 'Keycloak', isAccessToken: ({ typ }) => typ === 'Bearer' },
    audience: api,
    header: { typ: 'JWT' },
    access: { typ: 'Bearer', aud: [api, 'account'], azp: 'payments', nonce: 'n', scope: 'openid pay' },
    id: { typ: 'ID', aud: [api, 'payments'], azp: 'payments', nonce: 'n', at_hash: 'h' },
  },
  Cognito: {
    profile: {
      name: 'Cognito',
      audienceClaim: 'client_id',
      isAccessToken: ({ token_use }) => token_use === 'access',
    },
    audience: 'payments',
    header: { typ: undefined },
    access: { aud: undefined, client_id: 'payments', token_use: 'access', scope: 'openid pay' },
    id: { aud: 'payments', token_use: 'id', nonce: 'n', 'cognito:username': 'josh' },
  },
  Auth0: {
    profile: {
      name: 'Auth0',
      isAccessToken: ({ scope, nonce }) => nonce === undefined && scope !== undefined,
    },
    audience: api,
    header: { typ: 'JWT' },
    access: { aud: [api, 'https://tenant.example/userinfo'], azp: 'payments', scope: 'openid pay' },
    id: { aud: 'payments', nonce: 'n', sid: 's' },
  },
  Entra: {
    profile: { name: 'Entra', isAccessToken: ({ scp, roles }) => (scp ?? roles) !== undefined },
    audience: 'api-id',
    header: { typ: 'JWT' },
    access: { aud: 'api-id', azp: 'payments', ver: '2.0', scp: 'openid pay', tid: 't', oid: 'o' },
    id: { aud: 'payments', nonce: 'n', ver: '2.0', tid: 't', oid: 'o' },
  },
  'AD FS': {
    profile: {
      name: 'AD FS',
      accessTokenIssuers: [adfsIssuer],
      isAccessToken: ({ apptype }) => apptype === 'Public',
    },
    audience: api,
    header: { typ: 'JWT' },
    access: { iss: adfsIssuer, aud: api, appid: 'payments', apptype: 'Public', scp: 'openid pay' },
    id: { aud: 'payments', apptype: undefined, nonce: 'n' },
  },
}
const each = Object.entries(vendors)

async function outcome(
  token: string,
  options: Partial<AccessTokenGuardOptions>,
  requirement: AccessTokenRequirement = {},
) {
  const guard = createAccessTokenGuard({
    ...{ issuer: op.issuer, audience: api, now: clock.now, store: 'memory', onError: () => {} },
    ...options,
  })
  const request = new Request(api, { headers: { Authorization: `Bearer ${token}` } })
  return guard.requireAccessToken(request, requirement).catch(error => error)
}
const optionsOf = ({ profile, audience }: Vendor) => ({ provider: profile, audience })

describe.each(each)('a token of %s', (_, vendor) => {
  const { header } = vendor

  it('for this API passes with its profile, with its scopes', async () => {
    const token = await op.mint(vendor.access, { header })
    expect(await outcome(token, optionsOf(vendor), { scope: 'pay' })).toMatchObject({
      subject: 'josh',
      scope: ['openid', 'pay'],
    })
  })

  it('for this API is refused without the profile', async () => {
    const token = await op.mint(vendor.access, { header })
    const refusal = { code: 'invalid_token', detail: expect.stringMatching(/provider/) }
    expect(await outcome(token, { audience: vendor.audience })).toMatchObject(refusal)
  })

  it('that is an ID Token never passes', async () => {
    const token = await op.mint(vendor.id, { header })
    expect(await outcome(token, optionsOf(vendor))).toMatchObject({ code: 'invalid_token' })
  })

  it('that is an ID Token does not pass where it names this API, the issuer and a scope', async () => {
    // The most that an app can have set up wrongly: one id for the API and the client.
    const iss = vendor.access.iss ?? op.issuer
    const named = { ...vendor.id, iss, aud: vendor.audience, client_id: vendor.audience }
    expect(await outcome(await op.mint(named, { header }), optionsOf(vendor))).toMatchObject({
      code: 'invalid_token',
    })
  })

  it('for another API, client or issuer is refused', async () => {
    for (const other of [
      { aud: 'other', client_id: 'other' },
      { aud: ['other'], client_id: vendor.audience },
      { iss: 'https://evil.example' },
      { iss: `${op.issuer}/` },
    ]) {
      const token = await op.mint({ ...vendor.access, ...other }, { header })
      expect(await outcome(token, optionsOf(vendor))).toMatchObject({ code: 'invalid_token' })
    }
  })

  it('of another explicit type is refused, whatever its claims', async () => {
    for (const typ of ['logout+jwt', 'dpop+jwt', 'secevent+jwt', '', 1]) {
      const token = await op.mint(vendor.access, { header: { typ } })
      expect(await outcome(token, optionsOf(vendor))).toMatchObject({ code: 'invalid_token' })
    }
  })

  it('signed by another party, or by none, is refused', async () => {
    for (const minting of [{ foreignKey: true }, { alg: 'none' }, { alg: 'HS256' }] as const) {
      const token = await op.mint(vendor.access, { ...minting, header })
      expect(await outcome(token, optionsOf(vendor))).toMatchObject({ code: 'invalid_token' })
    }
  })
})

describe('isAccessToken', () => {
  const plain = () => op.mint({ aud: api, nonce: 'n' }, { header: { typ: 'JWT' } })

  it.each<[string, unknown]>([
    ['1', 1],
    ['"true"', 'true'],
    ['an object', {}],
    ['a promise', Promise.resolve(true)],
    ['undefined', undefined],
    ['false', false],
  ])('that returns %s does not vouch for a token', async (_, verdict) => {
    const provider: ProviderProfile = { name: 'x', isAccessToken: () => verdict as boolean }
    expect(await outcome(await plain(), { provider })).toMatchObject({ code: 'invalid_token' })
  })

  it('that throws does not vouch for a token', async () => {
    const isAccessToken = (): boolean => {
      throw new Error('x')
    }
    const provider = { name: 'x', isAccessToken }
    expect(await outcome(await plain(), { provider })).toMatchObject({ code: 'invalid_token' })
  })

  it('is asked with the claims and the header, and not for a token whose type says what it is', async () => {
    const asked: unknown[] = []
    const isAccessToken = (claims: Claims, { typ }: Claims): boolean => asked.push([claims.sub, typ]) > 0
    const provider = { name: 'x', isAccessToken }
    expect(await outcome(await plain(), { provider })).toMatchObject({ subject: 'josh' })
    expect(asked).toEqual([['josh', 'JWT']])
    const typed = await op.mint({ aud: api }, { header: { typ: 'at+jwt' } })
    expect(await outcome(typed, { provider })).toMatchObject({ subject: 'josh' })
    expect(asked).toHaveLength(1)
  })

  it('has the last word, whatever acceptPlainJwt says', async () => {
    const other = await op.mint({ aud: api }, { header: { typ: 'JWT' } })
    for (const acceptPlainJwt of [true, false]) {
      const guard = (isAccessToken: () => boolean) => ({
        acceptPlainJwt,
        provider: { name: 'x', isAccessToken },
      })
      expect(
        await outcome(
          other,
          guard(() => false),
        ),
      ).toMatchObject({ code: 'invalid_token' })
      expect(
        await outcome(
          await plain(),
          guard(() => true),
        ),
      ).toMatchObject({ subject: 'josh' })
    }
  })

  it('cannot vouch for a logout token', async () => {
    const provider = { name: 'x', isAccessToken: () => true }
    const token = await op.mint({ aud: api, events: {} }, { header: { typ: 'JWT' } })
    expect(await outcome(token, { provider })).toMatchObject({ code: 'invalid_token', detail: /^events / })
  })

  it('that is async vouches for nothing, and is reported, also where it rejects', async () => {
    const errors: unknown[] = []
    const isAccessToken = () => Promise.reject(new Error('x')) as never
    const options = {
      provider: { name: 'x', isAccessToken },
      onError: (error: unknown) => errors.push(error),
    }
    expect(await outcome(await plain(), options)).toMatchObject({ code: 'invalid_token' })
    expect(errors).toMatchObject([{ code: 'configuration_invalid' }])
  })
})

describe('with audienceClaim client_id', () => {
  const options = { provider: { name: 'x', audienceClaim: 'client_id' }, audience: 'payments' } as const
  it.each<[string, Claims, boolean]>([
    ['the client alone', { aud: undefined, client_id: 'payments' }, true],
    ['the client in both', { aud: 'payments', client_id: 'payments' }, true],
    ['no client', { aud: undefined }, false],
    ['only an aud', { aud: 'payments' }, false],
    ['another client', { aud: undefined, client_id: 'other' }, false],
    ['the client, for another API', { aud: api, client_id: 'payments' }, false],
    ['a list', { aud: undefined, client_id: ['payments'] }, false],
    ['null', { aud: undefined, client_id: null }, false],
  ])('a token that names %s passes: %s', async (_, claims, passes) => {
    const token = await op.mint(claims, { header: { typ: 'at+jwt' } })
    const expected = passes ? { subject: 'josh' } : { code: 'invalid_token' }
    expect(await outcome(token, options)).toMatchObject(expected)
  })
})

describe('token shapes that work must go on working', () => {
  it.each<[string, Claims]>([
    ['a numeric acr', { acr: 1 }],
    ['amr as text', { amr: 'pwd' }],
    ['email_verified as text', { email_verified: 'true' }],
    ['an aud of one element', { aud: [api] }],
    ['a sub of 255 characters', { sub: 'ü'.repeat(255) }],
    ['a sub that is not ASCII', { sub: 'Жижка 😀' }],
    ['claims that are not known', { foo: { bar: [1] } }],
  ])('%s', async (_, claims) => {
    const token = await op.mint({ aud: api, ...claims }, { header: { typ: 'at+jwt' } })
    const { sub = 'josh' } = claims
    expect(await outcome(token, {}, { maxAge: 60 })).toMatchObject({ subject: sub, acr: undefined })
  })
})

it('no rule changes the claims that are judged', async () => {
  const subjectOf = (claims: Claims): unknown => {
    Object.assign(claims, { scope: 'pay' })
    return claims.sub
  }
  const isAccessToken = (claims: Claims): boolean => Object.assign(claims, { aud: api }) === claims
  const options = { provider: { name: 'x', isAccessToken } }
  const plain = await op.mint({ aud: api }, { header: { typ: 'JWT' } })
  expect(await outcome(plain, options)).toMatchObject({ code: 'invalid_token' })
  const typed = await op.mint({ aud: api }, { header: { typ: 'at+jwt' } })
  expect(await outcome(typed, { subjectOf }, { scope: 'pay' })).toMatchObject({ code: 'invalid_token' })
})

describe('an iat that the OP dates back by 300 s', () => {
  const provider = { name: 'x', iatLag: 300 }
  it.each<[number, boolean]>([
    [-301, true],
    [-300, true],
    [-299, true],
    [-271, true],
    [-270, true],
    [-269, false],
    [0, false],
  ])('and lies %s s from now, passes: %s', async (offset, passes) => {
    const token = await op.mint({ aud: api, iat: clock.time + offset }, { header: { typ: 'at+jwt' } })
    const expected = passes ? { subject: 'josh' } : { code: 'invalid_token' }
    expect(await outcome(token, { provider })).toMatchObject(expected)
  })
})
