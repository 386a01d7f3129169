import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseStepUpHeader } from '../../../src/core/step-up-header.ts'
import { parseAuthenticate } from '../../../src/core/www-authenticate.ts'
import { type AccessTokenRequirement, createAccessTokenGuard } from '../../../src/server/access-token.ts'
import { createProver, sha256 } from '../../support/dpop.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock } from '../../support/shop.ts'

const clock = new ManualClock()
const api = 'https://api.example'
const provider = { name: 'Entra', acrClaim: 'acrs' } as const
let op: ScriptedOp

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
})

async function call(
  claims: object,
  requirement: AccessTokenRequirement,
  more: { readonly generic?: boolean } = {},
) {
  const guard = createAccessTokenGuard({
    ...{ issuer: op.issuer, audience: api, now: clock.now, store: 'memory' },
    ...(more.generic ? {} : { provider }),
  })
  const token = await op.mint({ aud: api, jti: 'j', ...claims }, { header: { typ: 'at+jwt' } })
  const headers = { Authorization: `Bearer ${token}` }
  return guard.requireAccessToken(new Request(api, { headers }), requirement).catch(error => error)
}

const headerOf = (error: { toResponse(): Response }) =>
  error.toResponse().headers.get('WWW-Authenticate') ?? ''

describe('acrValues of a provider that reports them in acrs', () => {
  it.each<[unknown, boolean]>([
    [['c1'], true],
    [['c3', 'c2'], true],
    [['c3'], false],
    [[], false],
    ['c1', false],
    [undefined, false],
    [[['c1']], false],
  ])('are met by %j: %s', async (acrs, passes) => {
    const result = await call({ acrs, acr: 'c1' }, { acrValues: ['c1', 'c2'] })
    expect(result).toMatchObject(passes ? { subject: 'josh' } : { reason: 'acr_unmet' })
  })

  it('leave in the record the one that the call asked for, else the first', async () => {
    const acrs = ['c3', 'c2', 'c1']
    expect(await call({ acrs }, { acrValues: ['c1', 'c2'] })).toMatchObject({ acr: 'c1' })
    expect(await call({ acrs }, {})).toMatchObject({ acr: 'c3' })
  })

  it('are not met by acrs where the provider is another', async () => {
    const refused = await call({ acrs: ['c1'] }, { acrValues: ['c1'] }, { generic: true })
    expect(refused).toMatchObject({ reason: 'acr_unmet' })
    expect(headerOf(refused)).not.toContain('insufficient_claims')
  })
})

describe('the demand for an authentication context', () => {
  it('comes in Microsoft’s form first and in RFC 9470’s too, for clients that know one of them', async () => {
    const error = await call({ acrs: ['c3'] }, { acrValues: ['c1', 'c2'], maxAge: 60 })
    expect(error.toResponse().status).toBe(401)
    const [microsofts, rfc9470, ...others] = parseAuthenticate(headerOf(error))
    expect(others).toEqual([])
    expect(microsofts).toMatchObject({ scheme: 'Bearer', parameters: { error: 'insufficient_claims' } })
    const claims = Buffer.from(microsofts?.parameters.claims ?? '', 'base64').toString()
    expect(claims).toBe('{"access_token":{"acrs":{"essential":true,"value":"c1"}}}')
    expect(rfc9470).toMatchObject({
      scheme: 'Bearer',
      parameters: { error: 'insufficient_user_authentication', acr_values: 'c1 c2', max_age: '60' },
    })
  })

  it.each(['c"1', 'c1,error="x"', 'c\\"1\\', 'a=b', '"'])(
    'comes back as it was asked for, whatever characters it has: %s',
    async value => {
      const header = headerOf(await call({ acrs: [] }, { acrValues: [value] }))
      const [microsofts, rfc9470, ...others] = parseAuthenticate(header)
      expect(others).toEqual([])
      const claims = JSON.parse(atob(microsofts?.parameters.claims ?? ''))
      expect(claims).toEqual({ access_token: { acrs: { essential: true, value } } })
      expect(rfc9470?.parameters.acr_values).toBe(value)
      expect(parseStepUpHeader(header)).toMatchObject({ claims })
    },
  )

  it('is RFC 9470’s alone where the login is too old, since no claims request mends that', async () => {
    const error = await call({ acrs: ['c3'], auth_time: 0 }, { acrValues: ['c1'], maxAge: 60 })
    expect(error).toMatchObject({ reason: 'stale' })
    expect(parseAuthenticate(headerOf(error))).toHaveLength(1)
  })

  it('is RFC 9470’s alone for a token bound to a key, since Microsoft documents Bearer only', async () => {
    const key = await createProver()
    const guard = createAccessTokenGuard({
      ...{ issuer: op.issuer, audience: api, now: clock.now, store: 'memory', provider },
    })
    const claims = { aud: api, cnf: { jkt: key.thumbprint } }
    const token = await op.mint(claims, { header: { typ: 'at+jwt' } })
    const DPoP = await key.prove('GET', `${api}/`, clock.time, { claims: { ath: sha256(token) } })
    const request = new Request(api, { headers: { Authorization: `DPoP ${token}`, DPoP } })
    const error = await guard.requireAccessToken(request, { acrValues: ['c1'] }).catch(thrown => thrown)
    expect(parseAuthenticate(headerOf(error))).toMatchObject([{ scheme: 'DPoP' }])
  })
})
