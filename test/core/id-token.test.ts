import { describe, expect, it, vi } from 'vitest'
import { decodeIdToken, type IdTokenClaims, parseClaims } from '../../src/core/claims.ts'
import {
  checkIdToken,
  checkIdTokenClaims,
  checkIdTokenHeader,
  isExpired,
  signatureAlgorithms,
} from '../../src/core/id-token.ts'
import type { TrustedAudiences } from '../../src/core/provider-profile.ts'

const now = 1_800_000_000
const issuer = 'https://login.example.com'
const expected = { issuer, clientId: 'payments', nonce: 'n', now, clockSkew: 30 }
const good = { iss: issuer, sub: 'josh', aud: 'payments', exp: now + 300, iat: now, nonce: 'n' }

const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const refusal = (claim: string, reason: string) =>
  expect.objectContaining({ code: 'id_token_invalid', claim, reason })

describe('decodeIdToken', () => {
  it('reads header and claims in any script', () => {
    const claims = { ...good, name: 'Jošt Žižka 😀' }
    expect(decodeIdToken(`${part({ alg: 'RS256' })}.${part(claims)}.x`)).toEqual({
      header: { alg: 'RS256' },
      claims,
    })
  })

  it.each<[string, unknown, string, string]>([
    ['undefined', undefined, 'id_token', 'missing'],
    ['null', null, 'id_token', 'malformed'],
    ['a number', 7, 'id_token', 'malformed'],
    ['no text', '', 'id_token', 'malformed'],
    ['two parts', `${part({})}.${part(good)}`, 'id_token', 'malformed'],
    ['five parts', 'a.b.c.d.e', 'id_token', 'malformed'],
    ['a header that is no JSON', `x.${part(good)}.x`, 'header', 'malformed'],
    ['a header that is a list', `${part([])}.${part(good)}.x`, 'header', 'malformed'],
    ['a payload that is null', `${part({})}.${part('null')}.x`, 'payload', 'malformed'],
    ['a payload with padding', `${part({})}.${part(good)}=.x`, 'payload', 'malformed'],
  ])('refuses %s', (_, token, claim, reason) => {
    expect(() => decodeIdToken(token)).toThrowError(refusal(claim, reason))
  })

  it('never quotes the text that it cannot read', () => {
    const secret = 'c2VjcmV0'
    try {
      decodeIdToken(`${secret}.${secret}.${secret}`)
      expect.unreachable()
    } catch (error) {
      expect(`${error} ${(error as Error).cause}`).not.toMatch(/secret|c2Vj/)
    }
  })
})

describe('parseClaims', () => {
  it.each<[string, unknown, string]>([
    ...['iss', 'sub', 'aud', 'exp', 'iat'].map((claim): [string, unknown, string] => [
      claim,
      undefined,
      'missing',
    ]),
    ...['iss', 'sub', 'aud', 'exp', 'iat'].map((claim): [string, unknown, string] => [
      claim,
      null,
      'malformed',
    ]),
    ['iss', '', 'malformed'],
    ['sub', 42, 'malformed'],
    ['sub', '', 'malformed'],
    ['aud', [], 'malformed'],
    ['aud', ['payments', 1], 'malformed'],
    ['exp', '1800000300', 'malformed'],
    ['exp', Number.NaN, 'malformed'],
    ['exp', Number.POSITIVE_INFINITY, 'malformed'],
    ['iat', '1800000000', 'malformed'],
  ])('refuses the claim %s when it is %j', (claim, value, reason) => {
    expect(() => parseClaims({ ...good, [claim]: value })).toThrowError(refusal(claim, reason))
  })
})

describe('the header of an ID Token', () => {
  it('may name these algorithms, all asymmetric, and no others', () => {
    expect([...signatureAlgorithms].sort()).toEqual([
      'ES256',
      'ES384',
      'ES512',
      'Ed25519',
      'EdDSA',
      'PS256',
      'PS384',
      'PS512',
      'RS256',
      'RS384',
      'RS512',
    ])
  })

  it.each(signatureAlgorithms.map(alg => [alg]))('may name the algorithm %s', alg => {
    expect(() => checkIdTokenHeader({ alg })).not.toThrow()
  })

  it.each([
    'none',
    'None',
    'HS256',
    'HS384',
    'HS512',
    'RS1',
    'rs256',
    '',
    'ES256K',
    'dir',
    undefined,
    null,
    ['RS256'],
  ])('may not name the algorithm %j', alg => {
    expect(() => checkIdTokenHeader({ alg })).toThrowError(refusal('alg', 'untrusted'))
  })

  it.each(['JWT', 'jwt', undefined])('may have typ %j', typ => {
    expect(() => checkIdTokenHeader({ alg: 'RS256', typ })).not.toThrow()
  })

  it.each([
    ...['at+jwt', 'application/at+jwt', 'logout+jwt', 'step-up-challenge+jwt', 'dpop+jwt', '', null, 1],
    ['JWT'],
  ])('may not have typ %j', typ => {
    expect(() => checkIdTokenHeader({ alg: 'RS256', typ })).toThrowError(refusal('typ', 'mismatch'))
  })
})

describe('an ID Token', () => {
  const check = (claims: object, more: object = {}) =>
    checkIdTokenClaims({ ...good, ...claims } as IdTokenClaims, { ...expected, ...more })
  const trusting = { trustedAudiences: ['api'] }

  it.each<[string, object, object?]>([
    ['with claims as they should be', {}],
    ['with our azp', { azp: 'payments' }],
    ['with one audience in a list', { aud: ['payments'] }],
    ['with a trusted audience and our azp', { aud: ['payments', 'api'], azp: 'payments' }, trusting],
    ['issued within the skew', { iat: now + 30 }],
    ['good from a moment within the skew', { nbf: now + 30 }],
    ['that has long expired (which is another question)', { exp: 1 }],
    ['without a nonce that was not asked for', { nonce: undefined }, { nonce: undefined }],
  ])('%s is accepted', (_, claims, more) => {
    expect(() => check(claims, more)).not.toThrow()
  })

  it.each<[string, object, string, string, object?]>([
    ['another issuer', { iss: 'https://login.example.net' }, 'iss', 'mismatch'],
    ['the issuer with a slash', { iss: `${issuer}/` }, 'iss', 'mismatch'],
    ['the issuer in capitals', { iss: issuer.toUpperCase() }, 'iss', 'mismatch'],
    ['another audience', { aud: 'other' }, 'aud', 'mismatch'],
    ['an audience that contains ours', { aud: 'payments2' }, 'aud', 'mismatch'],
    ['a trusted audience only', { aud: ['api'] }, 'aud', 'mismatch', trusting],
    ['an untrusted audience more', { aud: ['payments', 'api'], azp: 'payments' }, 'aud', 'untrusted'],
    ['two audiences without azp', { aud: ['payments', 'api'] }, 'azp', 'missing', trusting],
    [
      'two audiences, one azp of the other',
      { aud: ['payments', 'api'], azp: 'api' },
      'azp',
      'mismatch',
      trusting,
    ],
    ['another azp', { azp: 'other' }, 'azp', 'mismatch'],
    ['a null azp', { azp: null }, 'azp', 'mismatch'],
    ['an iat beyond the skew', { iat: now + 31 }, 'iat', 'future'],
    ['an nbf beyond the skew', { nbf: now + 31 }, 'nbf', 'future'],
    ['an nbf as text', { nbf: '0' }, 'nbf', 'malformed'],
    ['an nbf that is null', { nbf: null }, 'nbf', 'malformed'],
    ['another nonce', { nonce: 'm' }, 'nonce', 'mismatch'],
    ['a nonce where an empty one was sent', {}, 'nonce', 'mismatch', { nonce: '' }],
    ['no nonce', { nonce: undefined }, 'nonce', 'missing'],
  ])('with %s is refused', (_, claims, claim, reason, more) => {
    expect(() => check(claims, more)).toThrowError(refusal(claim, reason))
  })
})

describe('the audiences of an ID Token', () => {
  const claims: IdTokenClaims = { ...good, aud: ['payments', 'project'], azp: 'payments' }
  const checkWith = (trustedAudiences: TrustedAudiences, more: object = {}) =>
    checkIdTokenClaims({ ...claims, ...more }, { ...expected, trustedAudiences })

  it('may be trusted by a rule, which is asked for each of the others with the claims', () => {
    const rule = vi.fn(() => true)
    checkWith(rule, { aud: ['payments', 'project', 'api'] })
    expect(rule.mock.calls).toEqual([
      ['project', { ...claims, aud: ['payments', 'project', 'api'] }],
      ['api', { ...claims, aud: ['payments', 'project', 'api'] }],
    ])
  })

  it.each<[string, object, string, string]>([
    ['aud does not name the client', { aud: ['project'] }, 'aud', 'mismatch'],
    ['there is no azp', { azp: undefined }, 'azp', 'missing'],
    ['azp is another', { azp: 'project' }, 'azp', 'mismatch'],
  ])('are no matter for a rule where %s', (_, more, claim, reason) => {
    const rule = vi.fn(() => true)
    expect(() => checkWith(rule, more)).toThrowError(refusal(claim, reason))
    expect(rule).not.toHaveBeenCalled()
  })

  it.each([false, undefined, null, 1, 'yes', Promise.resolve(true)])(
    'are not trusted by a rule that returns %s',
    answer => {
      expect(() => checkWith(() => answer as boolean)).toThrowError(refusal('aud', 'untrusted'))
    },
  )

  it('make the app know of a rule that throws', () => {
    const cause = new Error('no such project')
    const rule = () => {
      throw cause
    }
    expect(() => checkWith(rule)).toThrowError(
      expect.objectContaining({
        code: 'configuration_invalid',
        cause,
        message: expect.stringContaining('trustedAudiences'),
      }),
    )
  })

  it('are named by the error, with the option that trusts them', () => {
    expect(() => checkWith(['project'], { aud: ['payments', 'project', 'api'] })).toThrowError(
      expect.objectContaining({ audience: 'api', message: expect.stringMatching(/"api".*trustedAudiences/) }),
    )
  })

  it('reach the message of an error as readable text only', () => {
    const audience = `line\n${'aB3'.repeat(30)}`
    expect(() => checkWith([], { aud: ['payments', audience] })).toThrowError(
      expect.objectContaining({ audience, message: expect.stringContaining('"line …"') }),
    )
  })
})

describe('the issuer of an ID Token', () => {
  const issuers = ['https://login.example.com/a', 'https://login.example.com/b']

  it.each(issuers)('may be any of the listed ones: %s', iss => {
    expect(() => checkIdTokenClaims({ ...good, iss }, { ...expected, issuers })).not.toThrow()
  })

  it.each([issuer, `${issuers[0]}/`, 'https://login.example.com/c'])(
    'must be one of the listed ones where there are any: not %s',
    iss => {
      expect(() => checkIdTokenClaims({ ...good, iss }, { ...expected, issuers })).toThrowError(
        refusal('iss', 'mismatch'),
      )
    },
  )
})

describe('an ID Token that its OP dates back', () => {
  it.each([
    [now - 270, true],
    [now - 269, false],
  ])('by 300 s, with iat %s, is from before now: %s', (iat, isGood) => {
    const check = () => checkIdTokenClaims({ ...good, iat }, { ...expected, iatLag: 300 })
    if (isGood) expect(check).not.toThrow()
    else expect(check).toThrowError(refusal('iat', 'future'))
  })

  it('is good from the moment that nbf says', () => {
    const claims = { ...good, iat: now - 300, nbf: now + 30 }
    expect(() => checkIdTokenClaims(claims, { ...expected, iatLag: 300 })).not.toThrow()
  })
})

describe('the expiry of an ID Token', () => {
  it.each([
    [now - 31, true],
    [now - 30, true],
    [now - 29, false],
    [now, false],
    [Number.NaN, true],
  ])('with exp %s makes isExpired say %s', (exp, expired) => {
    expect(isExpired({ ...good, exp }, now, 30)).toBe(expired)
  })

  it('is part of the whole check', () => {
    expect(() => checkIdToken({ alg: 'RS256' }, { ...good, exp: now - 30 }, expected)).toThrowError(
      refusal('exp', 'expired'),
    )
    expect(() => checkIdToken({ alg: 'none' }, good, expected)).toThrowError(refusal('alg', 'untrusted'))
    expect(() => checkIdToken({ alg: 'RS256' }, { ...good, iss: 'x' }, expected)).toThrowError(
      refusal('iss', 'mismatch'),
    )
    expect(() => checkIdToken({ alg: 'RS256' }, good, expected)).not.toThrow()
  })
})
