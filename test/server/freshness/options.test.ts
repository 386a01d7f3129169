import { describe, expect, it } from 'vitest'
import { createFreshnessGuard, type GuardError, type GuardOptions } from '../../../src/server/index.ts'
import { testKey } from '../../support/keys.ts'

const secret = testKey(1)
const good: GuardOptions = {
  issuer: 'https://login.example.com',
  clientId: 'payments',
  audience: 'https://api.example.com',
  keys: [secret],
  actions: { pay: { reauthenticate: true }, mail: { maxAge: 300 } },
  store: 'memory',
}

/** A key that repeats so many bytes. */
const patternOf = (count: number) => Uint8Array.from({ length: 32 }, (_, index) => index % count)
const operations = { consume: async () => true, advance: async () => true, redeem: async () => 'ok' }

const create = (options: object) => createFreshnessGuard({ ...good, ...options } as GuardOptions)

describe('createFreshnessGuard accepts options with', () => {
  it.each<[string, object]>([
    ['the least it needs', {}],
    ['an issuer on localhost by plain HTTP', { issuer: 'http://localhost:4000' }],
    ['an issuer with a path', { issuer: 'https://login.example.com/realm/' }],
    ['keys as base64url', { keys: [Buffer.from(secret).toString('base64url')] }],
    ['keys as Buffer', { keys: [Buffer.from(secret)] }],
    ['several keys', { keys: [secret, secret] }],
    ['maxAge 0', { actions: { pay: { maxAge: 0 } } }],
    ['reauthenticate with maxAge', { actions: { pay: { reauthenticate: true, maxAge: 60 } } }],
    ['a grant of one use', { actions: { pay: { maxAge: 1, grant: { ttl: 1, uses: 1 } } } }],
    ['no skew', { clockSkew: 0 }],
    ['no grace for keys', { jwksGrace: 0 }],
    ['an origin with a port', { origins: ['http://localhost:5173'] }],
    ['dpop with an audience that is a URL', { dpop: true }],
    [
      'dpop with publicUrl',
      { dpop: true, audience: 'payments-api', publicUrl: 'https://api.example.com/v1' },
    ],
    ['opClockBehind as large as the skew', { opClockBehind: 30 }],
    ['a key of eight different bytes', { keys: [patternOf(8)] }],
    ['the largest skew', { clockSkew: 300 }],
    ['the longest grace for keys', { jwksGrace: 86_400 }],
    ['the longest challenge', { challengeTtl: 3_600 }],
    ['the longest storeTimeout', { storeTimeout: 60 }],
    ['the largest numbers of requests', { maxConcurrent: 1_000_000, maxUnfinished: 1_000_000 }],
    ['the longest maxAge and grant', { actions: { pay: { maxAge: 31_536_000, grant: { ttl: 3_600 } } } }],
    ['the longest name of a cookie', { cookie: { name: 'a'.repeat(64) } }],
  ])('%s', (_, options) => {
    expect(() => create(options)).not.toThrow()
  })
})

describe('createFreshnessGuard refuses with a ConfigurationError', () => {
  const policy = (fields: object) => ({ actions: { pay: fields } })
  it.each<[string, object]>([
    ['a storeTimeout of text', { storeTimeout: '2' }],
    ['a store that forgot in milliseconds', { store: { ...operations, since: 1_800_000_000_000 } }],
    ['a store that forgot at no number', { store: { ...operations, since: Number.NaN } }],
    ['a store that forgot at a text', { store: { ...operations, since: '1800000000' } }],
    ['no issuer', { issuer: undefined }],
    ['an issuer that is no URL', { issuer: 'login.example.com' }],
    ['an issuer by plain HTTP', { issuer: 'http://login.example.com' }],
    ['an issuer that only begins with localhost', { issuer: 'http://localhost.example.com' }],
    ['an issuer with a query', { issuer: 'https://login.example.com?x=1' }],
    ['an issuer with a fragment', { issuer: 'https://login.example.com#x' }],
    ['no clientId', { clientId: '' }],
    ['no audience', { audience: undefined }],
    ['jwksUri by plain HTTP', { jwksUri: 'http://login.example.com/jwks' }],
    ['no keys', { keys: [] }],
    ['keys that are no list', { keys: secret }],
    ['a key of 31 bytes', { keys: [secret.slice(1)] }],
    ['a key of 33 bytes', { keys: [Uint8Array.of(...secret, 1)] }],
    ['keys as text', { keys: Buffer.from(secret).toString('base64url') }],
    ['a key of seven different bytes', { keys: [patternOf(7)] }],
    ['a password as key', { keys: ['correct horse battery staple'] }],
    ['a short second key', { keys: [secret, ''] }],
    ['an undefined key', { keys: [undefined] }],
    ['no actions', { actions: {} }],
    ['actions undefined', { actions: undefined }],
    ['an empty policy', policy({})],
    ['a policy that is no object', { actions: { pay: null } }],
    ['a policy with reauthenticate false only', policy({ reauthenticate: false })],
    ['reauthenticate as text', policy({ reauthenticate: 'yes', maxAge: 1 })],
    ['a misspelt policy field', policy({ maxAge: 300, acrvalues: ['urn:mfa'] })],
    ['maxAge NaN', policy({ maxAge: Number.NaN })],
    ['maxAge below 0', policy({ maxAge: -1 })],
    ['maxAge Infinity', policy({ maxAge: Number.POSITIVE_INFINITY })],
    ['maxAge as text', policy({ maxAge: '300' })],
    ['maxAge null', policy({ maxAge: null })],
    ['maxAge with a fraction', policy({ maxAge: 0.5 })],
    ['no acrValues in the list', policy({ maxAge: 1, acrValues: [] })],
    ['acrValues as text', policy({ maxAge: 1, acrValues: 'urn:mfa' })],
    ['an acr with a space', policy({ maxAge: 1, acrValues: ['a b'] })],
    ['an empty acr', policy({ maxAge: 1, acrValues: [''] })],
    ['an acr that is no text', policy({ maxAge: 1, acrValues: [1] })],
    ['maxAge above a year', policy({ maxAge: 31_536_001 })],
    ['a grant ttl above an hour', policy({ maxAge: 1, grant: { ttl: 3_601 } })],
    ['no amr in the list', policy({ maxAge: 1, amr: [] })],
    ['an unknown kind of context', policy({ maxAge: 1, context: 'always' })],
    ['localIdp that is no function', policy({ maxAge: 1, localIdp: 'local' })],
    ['localIdp false', policy({ maxAge: 1, localIdp: false })],
    ['localIdp true with a provider that has no rule', policy({ maxAge: 1, localIdp: true })],
    ['a grant ttl of 0', policy({ maxAge: 1, grant: { ttl: 0 } })],
    ['a grant of two uses', policy({ maxAge: 1, grant: { uses: 2 } })],
    ['a grant of 0 uses', policy({ maxAge: 1, grant: { uses: 0 } })],
    ['a misspelt grant field', policy({ maxAge: 1, grant: { use: 1 } })],
    ['a grant that is no object', policy({ maxAge: 1, grant: 60 })],
    ['storeTimeout 0', { storeTimeout: 0 }],
    ['storeTimeout NaN', { storeTimeout: Number.NaN }],
    ['storeTimeout above a minute', { storeTimeout: 61 }],
    ['maxConcurrent 0', { maxConcurrent: 0 }],
    ['maxConcurrent NaN', { maxConcurrent: Number.NaN }],
    ['jwksGrace below 0', { jwksGrace: -1 }],
    ['jwksGrace NaN', { jwksGrace: Number.NaN }],
    ['clockSkew NaN', { clockSkew: Number.NaN }],
    ['clockSkew below 0', { clockSkew: -1 }],
    ['challengeTtl 0', { challengeTtl: 0 }],
    ['an origin with a path', { origins: ['https://app.example/'] }],
    ['any origin', { origins: ['*'] }],
    ['the origin null', { origins: ['null'] }],
    ['a cookie name with a separator', { cookie: { name: 'a;b' } }],
    ['no store', { store: undefined }],
    ['an empty store', { store: {} }],
    ['a store without redeem', { store: { ...operations, redeem: undefined } }],
    ['a store without advance', { store: { ...operations, advance: undefined } }],
    ['a store without consume', { store: { ...operations, consume: undefined } }],
    ['a store that is null', { store: null }],
    ['a store of another name', { store: 'redis' }],
    ['a misspelt store', { stor: 'memory' }],
    ['a misspelt authenticate', { authenticat: () => null }],
    ['a cookie null', { cookie: null }],
    ['a cookie that is text', { cookie: 'afresh' }],
    ['a misspelt cookie field', { cookie: { Secure: true } }],
    ['a cookie field of another type', { cookie: { secure: 'yes' } }],
    ['a cookie with dpop', { cookie: {}, dpop: true }],
    ['dpop as text', { dpop: 'yes' }],
    ['dpop without a URL to hold proofs to', { dpop: true, audience: 'payments-api' }],
    ['publicUrl that is no URL', { publicUrl: 'text' }],
    ['publicUrl by plain HTTP', { publicUrl: 'http://api.example.com' }],
    ['publicUrl with a query', { publicUrl: 'https://api.example.com/?a' }],
    ['publicUrl with a fragment', { publicUrl: 'https://api.example.com/#a' }],
    ['publicUrl as a URL object', { publicUrl: new URL('https://api.example.com') }],
    ['an all-zero key', { keys: [new Uint8Array(32)] }],
    ['a key of one byte, repeated', { keys: [new Uint8Array(32).fill(9)] }],
    ['a clockSkew of a day', { clockSkew: 86_400 }],
    ['a grant for years', policy({ maxAge: 1, grant: { ttl: 1e9 } })],
    ['maxAge in milliseconds', policy({ maxAge: Date.now() })],
    ['a challenge for a day', { challengeTtl: 86_400 }],
    ['maxUnfinished 0', { maxUnfinished: 0 }],
    ['authenticate that is no function', { authenticate: true }],
    ['trustedAudiences as text', { trustedAudiences: 'partner' }],
    ['origins as text', { origins: 'https://app.example' }],
    ['origins as a set', { origins: new Set(['https://app.example']) }],
    ['a skew above five minutes', { clockSkew: 301 }],
    ['jwksGrace above a day', { jwksGrace: 86_401 }],
    ['a challenge above an hour', { challengeTtl: 3_601 }],
    ['maxConcurrent above a million', { maxConcurrent: 1_000_001 }],
    ['maxUnfinished above a million', { maxUnfinished: 1_000_001 }],
    ['fetch that is no function', { fetch: true }],
    ['a cookie that is a list', { cookie: [] }],
    ['a cookie name of 65 characters', { cookie: { name: 'a'.repeat(65) } }],
    ['opClockBehind beyond the skew', { opClockBehind: 31 }],
    ['opClockBehind below 0', { opClockBehind: -1 }],
    ['onError that is no function', { onError: 'console' }],
    ['now that is no function', { now: 0 }],
  ])('%s', (_, options) => {
    expect(() => create(options)).toThrowError(expect.objectContaining({ code: 'configuration_invalid' }))
  })

  it('no options at all', () => {
    expect(() => createFreshnessGuard(undefined as never)).toThrowError(
      expect.objectContaining({ code: 'configuration_invalid' }),
    )
  })

  it('a bad key without quoting it', () => {
    const text = 'c2VjcmV0LXNlY3JldA=='
    try {
      create({ keys: [text] })
      expect.unreachable()
    } catch (error) {
      expect(JSON.stringify([String(error), (error as Error).cause, (error as Error).stack])).not.toContain(
        text,
      )
    }
  })
})

it('the guard keeps a key that its owner overwrites later', async () => {
  const key = Uint8Array.from(secret)
  const fetch = async () => Response.json({ keys: [] })
  const guard = create({ keys: [key], now: () => 1_000, fetch, jwksUri: 'https://login.example.com/jwks' })
  key.fill(9)
  const url = 'https://api.example.com/'
  const refusal: GuardError = await guard.require(new Request(url), 'mail', { subject: 'josh' }).catch(e => e)
  const { challenge } = await refusal.toResponse().json()
  // That the challenge is told to have expired, and not to be forged, shows which key signed it.
  const later = create({ now: () => 2_000 })
  const headers = { 'Content-Type': 'application/json' }
  const body = JSON.stringify({ challenge, id_token: 'a.b.c' })
  const reply = await later.handler(new Request(url, { method: 'POST', headers, body }))
  expect(await reply.json()).toEqual({ status: 'denied', error: 'challenge_expired' })
})

it('the guard knows its actions by type, and refuses others at run time as well', async () => {
  const guard = createFreshnessGuard({ ...good, actions: { pay: { reauthenticate: true } } })
  const request = new Request('https://api.example.com/')
  // @ts-expect-error: "paid" is not configured
  const misspelt = guard.require(request, 'paid', { subject: 'josh' })
  await expect(misspelt).rejects.toMatchObject({ code: 'configuration_invalid' })
})
