import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/core/finding.ts'
import { judgeProvider } from '../../src/core/judge-provider.ts'

const issuer = 'https://op.example'
/** An OP that says no more than it must. */
const little = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
}
const judge = (changes: object, expected: object = {}): readonly Finding[] =>
  judgeProvider({ ...little, ...changes }, { issuer, ...expected })
const checksOf = (findings: readonly Finding[], level: Finding['level']): string[] =>
  findings.filter(one => one.level === level).map(({ check }) => check)

it('an OP that says no more than it must can be used, and it stays open whether all is well', () => {
  const findings = judge({})
  expect(checksOf(findings, 'fail')).toEqual([])
  expect(checksOf(findings, 'good')).toEqual(['issuer'])
  expect(checksOf(findings, 'risk')).toEqual(['PKCE'])
  expect(checksOf(findings, 'unknown')).toEqual(['signatures', 'public clients'])
})

it.each<[string, object, string]>([
  ['no authorization endpoint', { authorization_endpoint: undefined }, 'authorization_endpoint'],
  ['no token endpoint', { token_endpoint: undefined }, 'token_endpoint'],
  ['no keys', { jwks_uri: null }, 'jwks_uri'],
  ['a token endpoint without TLS', { token_endpoint: 'http://op.example/token' }, 'token_endpoint'],
  ['a script for a sign-out page', { end_session_endpoint: 'javascript:alert(1)' }, 'end_session_endpoint'],
  ['userinfo without TLS', { userinfo_endpoint: 'http://op.example/me' }, 'userinfo_endpoint'],
  ['the implicit flow only', { response_types_supported: ['id_token', 'id_token token'] }, 'code'],
  ['hybrid flows only', { response_types_supported: ['code id_token'] }, 'code'],
  ['answers by form only', { response_modes_supported: ['form_post'] }, 'response mode'],
  ['pushed requests only', { require_pushed_authorization_requests: true }, 'PAR'],
  ['signed requests only', { require_signed_request_object: true }, 'request object'],
  ['plain PKCE only', { code_challenge_methods_supported: ['plain'] }, 'PKCE'],
  ['no PKCE', { code_challenge_methods_supported: [] }, 'PKCE'],
  ['shared secrets for signatures', { id_token_signing_alg_values_supported: ['HS256'] }, 'signatures'],
  ['no signatures', { id_token_signing_alg_values_supported: ['none'] }, 'signatures'],
  ['an odd list', { prompt_values_supported: 'login' }, 'prompt_values_supported'],
])('an OP with %s cannot be used', (_, changes, check) => {
  expect(checksOf(judge(changes), 'fail')).toEqual([check])
})

it.each<[string, object, string, Finding['level']]>([
  ['S256', { code_challenge_methods_supported: ['plain', 'S256'] }, 'PKCE', 'good'],
  [
    'RS256 among others',
    { id_token_signing_alg_values_supported: ['none', 'HS256', 'RS256'] },
    'signatures',
    'good',
  ],
  ['apps without a secret', { token_endpoint_auth_methods_supported: ['none'] }, 'public clients', 'good'],
  [
    'secrets only',
    { token_endpoint_auth_methods_supported: ['client_secret_post'] },
    'public clients',
    'risk',
  ],
  ['no way to prove an identity', { token_endpoint_auth_methods_supported: [] }, 'public clients', 'risk'],
])('an OP that lists %s can be used', (_, changes, check, level) => {
  const findings = judge(changes)
  expect(checksOf(findings, 'fail')).toEqual([])
  expect(checksOf(findings, level)).toContain(check)
})

it.each([
  { require_pushed_authorization_requests: false, require_signed_request_object: false },
  { response_types_supported: null, response_modes_supported: null },
  { response_types_supported: ['none', 'code'], response_modes_supported: ['form_post', 'query'] },
])('%j stands in no way', changes => {
  expect(checksOf(judge(changes), 'fail')).toEqual([])
})

describe('a provider that takes no browser app', () => {
  it.each(['https://accounts.google.com', 'https://www.linkedin.com/oauth', 'https://www.linkedin.com'])(
    'is known by its issuer %s, whatever the profile says',
    named => {
      const findings = judge({ issuer: named }, { issuer: named })
      expect(checksOf(findings, 'fail')).toEqual(['provider'])
      expect(
        judge({ issuer: named }, { issuer: named, profile: { name: 'x', refusal: 'Other words.' } }),
      ).toEqual(findings)
    },
  )

  it.each([
    'https://accounts.google.com.evil.example',
    'https://google.com',
    'https://op.example/accounts.google.com',
  ])('%s is none', named => {
    expect(checksOf(judge({ issuer: named }, { issuer: named }), 'fail')).toEqual([])
  })

  it('is refused in the words of its profile', () => {
    const [first] = judge({}, { profile: { name: 'Acme', refusal: 'not here.' } })
    expect(first).toEqual({ check: 'provider', level: 'fail', text: 'Acme: not here.' })
  })
})
