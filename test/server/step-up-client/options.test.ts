import { exportJWK, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type ActionPolicy,
  createFreshnessGuard,
  type GuardOptions,
  type StepUpClientOptions,
} from '../../../src/server/index.ts'
import { algorithmOf } from '../../../src/server/step-up-client/signing-key.ts'
import { testKey } from '../../support/keys.ts'

const basic: StepUpClientOptions = {
  ...{ clientId: 'bank', redirectUri: 'https://app.example/callback' },
  authentication: { method: 'client_secret_basic', secret: 'hunter2-hunter2-hunter2' },
}
const policy: ActionPolicy = { reauthenticate: true, context: 'required' }

const open = (stepUpClient: unknown, approve: object = policy): void => {
  const options = {
    ...{ issuer: 'https://op.example', clientId: 'app', audience: 'https://api.example', store: 'memory' },
    ...{ keys: [testKey(7)], actions: { approve }, stepUpClient },
  }
  createFreshnessGuard(options as GuardOptions)
}

describe('a step-up client', () => {
  it.each<[string, unknown, RegExp]>([
    ['that is null', null, /stepUpClient: the options must be an object/],
    ['that is an empty text', '', /stepUpClient: the options must be an object/],
    ['that is no object', 'bank', /stepUpClient: the options must be an object/],
    ['with an unknown option', { ...basic, scope: 'openid' }, /there is no option "scope"/],
    ['without clientId', { ...basic, clientId: '' }, /clientId is missing/],
    ['without redirectUri', { ...basic, redirectUri: undefined }, /redirectUri must be the https URL/],
    ['with a redirectUri on plain http', { ...basic, redirectUri: 'http://app.example/' }, /redirectUri/],
    ['with a fragment', { ...basic, redirectUri: 'https://app.example/#a' }, /redirectUri/],
    ['that is pushed otherwise', { ...basic, pushed: 'sometimes' }, /"required" or "preferred"/],
    [
      'without authentication',
      { ...basic, authentication: undefined },
      /proves nothing, since anybody can push/,
    ],
    ['with no method', { ...basic, authentication: {} }, /proves nothing, since anybody can push/],
    ['with the method none', { ...basic, authentication: { method: 'none' } }, /proves nothing/],
    ['with the method toString', { ...basic, authentication: { method: 'toString' } }, /proves nothing/],
    [
      'with a secret in the body',
      { ...basic, authentication: { method: 'client_secret_post', secret: 'x' } },
      /proves nothing/,
    ],
    ['without secret', { ...basic, authentication: { method: 'client_secret_basic' } }, /secret is missing/],
    ['without key', { ...basic, authentication: { method: 'private_key_jwt' } }, /key must be a private key/],
    [
      'with a shared key',
      { ...basic, authentication: { method: 'private_key_jwt', key: { kty: 'oct', k: 'eA' } } },
      /key must be a private key/,
    ],
    [
      'with a key and a secret',
      { ...basic, authentication: { method: 'private_key_jwt', key: {}, secret: 'hunter2-hunter2-hunter2' } },
      /there is no option "secret"/,
    ],
  ])('%s is a ConfigurationError', (_, client, message) => {
    expect(() => open(client)).toThrow(
      expect.objectContaining({ code: 'configuration_invalid', message: expect.stringMatching(message) }),
    )
    expect(() => open(client)).not.toThrow(/hunter2/)
  })

  it.each([
    [basic],
    [{ ...basic, pushed: 'preferred' }],
    [{ ...basic, redirectUri: 'http://localhost:5173/c' }],
  ])('can be %o', client => expect(() => open(client)).not.toThrow())
})

describe('authorizationDetails', () => {
  const details = { ...policy, authorizationDetails: () => [{ type: 'payment' }] }
  it.each<[string, unknown, object, RegExp]>([
    [
      'without a step-up client',
      undefined,
      details,
      /"approve": authorizationDetails needs the option stepUpClient/,
    ],
    ['with one that need not push', { ...basic, pushed: 'preferred' }, details, /with pushed: "required"/],
    ['without a context', basic, { ...details, context: 'optional' }, /needs context: "required"/],
    [
      'that are no function',
      basic,
      { ...policy, authorizationDetails: [{ type: 'payment' }] },
      /must be a function/,
    ],
  ])('%s are a ConfigurationError that names the action', (_, client, approve, message) => {
    expect(() => open(client, approve)).toThrow(
      expect.objectContaining({ code: 'configuration_invalid', message: expect.stringMatching(message) }),
    )
  })
  it('are good with both', () => expect(() => open(basic, details)).not.toThrow())
})

describe('the algorithm of a key', () => {
  const algorithms = ['RS256', 'PS384', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const
  const made = new Map<string, { key: unknown; jwk: object; publicJwk: object; publicKey: unknown }>()
  beforeAll(async () => {
    for (const alg of algorithms) {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
      const [jwk, publicJwk] = await Promise.all([exportJWK(privateKey), exportJWK(publicKey)])
      made.set(alg, { key: privateKey, publicKey, jwk, publicJwk })
    }
  })

  it.each(algorithms)('%s: of a CryptoKey, and of a JWK that names it', alg => {
    const { key, jwk } = made.get(alg) ?? { key: null, jwk: {} }
    expect(algorithmOf(key, undefined)).toBe(alg)
    expect(algorithmOf({ ...jwk, alg }, undefined)).toBe(alg)
    expect(algorithmOf(jwk, alg)).toBe(alg)
    expect(algorithmOf(key, 'HS256')).toBeNull()
    expect(algorithmOf({ ...jwk, alg: 'HS256' }, undefined)).toBeNull()
  })

  it.each(algorithms)('%s: a public key has none', alg => {
    const { publicKey, publicJwk } = made.get(alg) ?? {}
    expect(algorithmOf(publicKey, undefined)).toBeNull()
    expect(algorithmOf(publicJwk, alg)).toBeNull()
  })

  it('an RSA key that names none signs with RS256', () => {
    expect(algorithmOf(made.get('RS256')?.jwk, undefined)).toBe('RS256')
  })
})
