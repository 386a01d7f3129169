import { describe, expect, it } from 'vitest'
import { readMetadata } from '../../src/op/metadata.ts'

const issuer = 'https://op.example'
const refused = expect.objectContaining({ code: 'configuration_invalid' })

/** What an honest OP of this issuer publishes, with changes. */
function read(changes: Record<string, unknown>, of = issuer) {
  const endpoints = ['authorization', 'token', 'revocation', 'end_session', 'userinfo'].map(name => [
    `${name}_endpoint`,
    `${of}/${name}`,
  ])
  return readMetadata(
    { issuer: of, jwks_uri: `${of}/jwks`, ...Object.fromEntries(endpoints), ...changes },
    { issuer: of },
  )
}

describe.each([
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'revocation_endpoint',
  'end_session_endpoint',
  'userinfo_endpoint',
])('the %s', name => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,hello',
    'blob:https://op.example/1',
    'ftp://op.example/x',
    'http://op.example/x',
    'http://localhost/x',
    '/token',
    '//op.example/x',
    'op.example',
    '',
    7,
    {},
    ['https://op.example/x'],
  ])('%j is refused', value => {
    expect(() => read({ [name]: value })).toThrowError(refused)
  })

  it.each(['https://op.example/x', 'https://other.example:8443/x?y=z'])('%s is taken', value => {
    expect(read({ [name]: value })).toMatchObject({ [name]: value })
  })

  it.each([
    'http://localhost:9000/x',
    'http://op.localhost/x',
    'http://127.0.0.1:9000/x',
    'http://127.1.2.3/x',
    'http://[::1]:9000/x',
    'https://op.example/x',
  ])('%s is taken where the issuer is http too', value => {
    expect(read({ [name]: value }, 'http://localhost:9000')).toMatchObject({ [name]: value })
  })

  it.each(['http://op.example/x', 'http://localhost.evil.example/x', 'http://127.0.0.1.evil.example/x'])(
    '%s is refused even there',
    value => {
      expect(() => read({ [name]: value }, 'http://localhost:9000')).toThrowError(refused)
    },
  )
})

it.each(['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'issuer'])(
  'a document without %s is refused',
  name => {
    expect(() => read({ [name]: undefined })).toThrowError(refused)
    expect(() => read({ [name]: null })).toThrowError(refused)
  },
)

it.each([
  'revocation_endpoint',
  'end_session_endpoint',
  'userinfo_endpoint',
  'prompt_values_supported',
  'acr_values_supported',
])('%s may be absent, or null', name => {
  expect(read({ [name]: undefined })).not.toHaveProperty(name, expect.anything())
  expect(read({ [name]: null })).not.toHaveProperty(name)
})

it.each([
  'response_modes_supported',
  'response_types_supported',
  'code_challenge_methods_supported',
  'token_endpoint_auth_methods_supported',
  'prompt_values_supported',
  'acr_values_supported',
  'id_token_signing_alg_values_supported',
])('%s must be a list of text', name => {
  const good = ['code', 'query', 'S256', 'RS256']
  expect(read({ [name]: good })).toMatchObject({ [name]: good })
  for (const value of ['login', { 0: 'login' }, ['login', 7], 7]) {
    expect(() => read({ [name]: value })).toThrowError(refused)
  }
})

it('what this package does not read may be anything', () => {
  expect(read({ registration_endpoint: 'javascript:alert(1)', display_values_supported: 7 })).toMatchObject({
    issuer,
  })
})

it('the error says all that stands in the way', () => {
  const message = /token_endpoint.*RFC 9126/
  const changes = { token_endpoint: undefined, require_pushed_authorization_requests: true }
  expect(() => read(changes)).toThrowError(message)
})
