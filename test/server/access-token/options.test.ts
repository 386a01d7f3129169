import { describe, expect, it } from 'vitest'
import { createAccessTokenGuard } from '../../../src/server/access-token.ts'

const good = { issuer: 'https://login.example', audience: 'https://api.example', store: 'memory' }
const client = { clientId: 'api', clientSecret: 'secret' }

/** The message of the error that the options get, or null where they are taken. */
function problemOf(options: unknown): string | null {
  try {
    createAccessTokenGuard(options as never)
    return null
  } catch (error) {
    expect(error).toMatchObject({ code: 'configuration_invalid' })
    return (error as Error).message
  }
}
const withIntrospection = (introspection: unknown): string | null => problemOf({ ...good, introspection })

describe('options of createAccessTokenGuard', () => {
  it.each<[string, object]>([
    ['no more than it must have', {}],
    ['an option that is undefined', { introspection: undefined, acceptPlainJwt: undefined }],
    [
      'all there are',
      {
        ...{ storeTimeout: 2, origins: ['https://app.example'], clockSkew: 30, jwksGrace: 3_600 },
        ...{ publicUrl: 'https://api.example', jwksUri: 'https://login.example/jwks' },
        ...{ now: () => 0, fetch, onError: () => {}, acceptPlainJwt: true, requireDpop: true },
        introspection: client,
      },
    ],
  ])('may be %s', (_, options) => {
    expect(problemOf({ ...good, ...options })).toBeNull()
  })

  it.each<[string, object]>([
    ['requiredpop', { requiredpop: true }],
    ['requireDPoP', { requireDPoP: true }],
    ['acceptPlainJWT', { acceptPlainJWT: true }],
    ['introspect', { introspect: client }],
    ['stor', { stor: {} }],
    ['clientId', { clientId: 'api' }],
    ['constructor', { constructor: 1 }],
  ])('that are misspelt are named: %s', (name, option) => {
    expect(problemOf({ ...good, ...option })).toContain(`"${name}"`)
  })

  it.each<[string, unknown]>([
    ['no options', undefined],
    ['null', null],
    ['a list', [good]],
    ['text', 'https://login.example'],
    ['no audience', { ...good, audience: undefined }],
    ['an empty audience', { ...good, audience: '' }],
    ['audiences in a list', { ...good, audience: ['https://api.example'] }],
    ['an issuer by plain HTTP', { ...good, issuer: 'http://login.example' }],
    ['acceptPlainJwt as text', { ...good, acceptPlainJwt: 'yes' }],
    ['acceptPlainJwt null', { ...good, acceptPlainJwt: null }],
    ['requireDpop as text', { ...good, requireDpop: 'no' }],
    ['requireDpop 1', { ...good, requireDpop: 1 }],
    ['jwksGrace NaN', { ...good, jwksGrace: Number.NaN }],
    ['jwksGrace below 0', { ...good, jwksGrace: -1 }],
    ['storeTimeout 0', { ...good, storeTimeout: 0 }],
    ['storeTimeout NaN', { ...good, storeTimeout: Number.NaN }],
    ['an origin with a path', { ...good, origins: ['https://app.example/'] }],
  ])('that cannot be meant are refused: %s', (_, options) => {
    expect(problemOf(options)).not.toBeNull()
  })
})

describe('options of introspection', () => {
  it.each<[string, object]>([
    ['a client', {}],
    ['basic', { clientAuthentication: 'client_secret_basic' }],
    ['post', { clientAuthentication: 'client_secret_post' }],
    ['an endpoint', { endpoint: 'https://login.example/introspect' }],
    ['a cacheTtl of 0', { cacheTtl: 0 }],
    ['a cacheTtl of an hour', { cacheTtl: 3_600 }],
    ['one answer that is kept', { maxCached: 1 }],
    ['a million answers', { maxCached: 1_000_000 }],
    ['one question', { maxConcurrent: 1 }],
    ['10,000 questions', { maxConcurrent: 10_000 }],
    ['an optional audience', { audience: 'optional' }],
    ['a required audience', { audience: 'required' }],
  ])('may be %s', (_, options) => {
    expect(withIntrospection({ ...client, ...options })).toBeNull()
  })

  it.each(['cachettl', 'cacheTTL', 'clientID', 'client_secret', 'maxcached', 'url', 'timeout'])(
    'that are misspelt are named: %s',
    name => {
      expect(withIntrospection({ ...client, [name]: 1 })).toContain(`"${name}"`)
    },
  )

  it.each<[string, unknown]>([
    ['null', null],
    ['false', false],
    ['true', true],
    ['text', 'https://login.example/introspect'],
    ['an empty text', ''],
    ['a list', [client]],
    ['no secret', { clientId: 'api' }],
    ['an empty secret', { ...client, clientSecret: '' }],
    ['a secret in bytes', { ...client, clientSecret: new Uint8Array(32) }],
    ['no client', { clientSecret: 'secret' }],
    ['a client that is a number', { ...client, clientId: 7 }],
    ['no client authentication', { ...client, clientAuthentication: 'none' }],
    ['a misspelt client authentication', { ...client, clientAuthentication: 'client_secret_Basic' }],
    ['a client authentication that we have not', { ...client, clientAuthentication: 'private_key_jwt' }],
    ['a list of client authentications', { ...client, clientAuthentication: ['client_secret_basic'] }],
    ['an endpoint by plain HTTP', { ...client, endpoint: 'http://login.example/introspect' }],
    ['an endpoint on this machine', { ...client, endpoint: 'http://localhost:8080/introspect' }],
    ['an endpoint that is a path', { ...client, endpoint: '/introspect' }],
    ['an endpoint with a password', { ...client, endpoint: 'https://api:secret@login.example/' }],
    ['an endpoint that is null', { ...client, endpoint: null }],
    ['a cacheTtl below 0', { ...client, cacheTtl: -1 }],
    ['a cacheTtl in milliseconds', { ...client, cacheTtl: 30_000 }],
    ['a cacheTtl of more than an hour', { ...client, cacheTtl: 3_601 }],
    ['a cacheTtl of 30 years', { ...client, cacheTtl: 1e9 }],
    ['a cacheTtl with a fraction', { ...client, cacheTtl: 0.5 }],
    ['a cacheTtl as text', { ...client, cacheTtl: '30' }],
    ['a cacheTtl of NaN', { ...client, cacheTtl: Number.NaN }],
    ['a cacheTtl of Infinity', { ...client, cacheTtl: Number.POSITIVE_INFINITY }],
    ['no answers kept', { ...client, maxCached: 0 }],
    ['more answers kept than memory has', { ...client, maxCached: 1_000_001 }],
    ['no questions', { ...client, maxConcurrent: 0 }],
    ['more questions than sockets', { ...client, maxConcurrent: 10_001 }],
    ['an audience by name', { ...client, audience: 'https://api.example' }],
    ['an audience that is false', { ...client, audience: false }],
  ])('that cannot be meant are refused: %s', (_, introspection) => {
    expect(withIntrospection(introspection)).not.toBeNull()
  })
})
