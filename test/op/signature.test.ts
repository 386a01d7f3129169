import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isAuthError } from '../../src/core/errors.ts'
import type { TokenSet } from '../../src/core/tokens.ts'
import { createOpenIdProvider, type OpenIdProvider } from '../../src/op/openid-provider.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { type AuthorizationAnswer, type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock } from '../support/shop.ts'

const clock = new ManualClock()
let server: ScriptedOp
let op: OpenIdProvider

const connect = (idTokenSignature?: 'server' | 'browser'): OpenIdProvider =>
  createOpenIdProvider({
    browser: pageBrowser,
    issuer: server.issuer,
    clientId: 'payments',
    scope: 'openid',
    callbackUrl: 'https://app.example/auth/callback.html',
    profile: { name: 'test' },
    now: clock.now,
    clockSkew: 30,
    timeLimit: 10,
    ...(idTokenSignature && { idTokenSignature }),
  })

// A new one each time: keys are kept by where they are.
beforeEach(async () => {
  server = await startOp(clock.now)
  op = connect('browser')
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await server.close()
})

async function login(answer: AuthorizationAnswer = {}): Promise<TokenSet> {
  const transaction = await op.begin({ kind: 'sign_in' })
  const { tokens } = await op.redeem(transaction, server.authorize(transaction.url, answer))
  return tokens
}
const refused = (reason: string) => ({ code: 'id_token_invalid', claim: 'signature', reason })
const forged: AuthorizationAnswer = { minting: { foreignKey: true } }

describe.each([undefined, 'server'] as const)('with idTokenSignature %j', signature => {
  it('the signature is the backend’s to verify, and no key is fetched', async () => {
    op = connect(signature)
    await expect(login(forged)).resolves.toBeDefined()
    expect(server.requests.jwks).toBe(0)
  })
})

describe('with idTokenSignature "browser"', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('a token signed with %s is accepted', async alg => {
    await expect(login({ minting: { alg } })).resolves.toBeDefined()
  })

  it.each<[string, () => AuthorizationAnswer['minting'], string]>([
    ['with another key of the same name', () => ({ foreignKey: true }), 'mismatch'],
    [
      'by the key in its own jwk header',
      () => ({ foreignKey: true, header: { jwk: server.foreignJwk } }),
      'mismatch',
    ],
    [
      'by the key at its own jku header',
      () => ({ foreignKey: true, header: { jku: server.foreignJku } }),
      'mismatch',
    ],
    ['with a key that the OP does not publish', () => ({ header: { kid: 'unknown' } }), 'untrusted'],
  ])('a token signed %s is refused', async (_, minting, reason) => {
    await expect(login({ minting: minting() ?? {} })).rejects.toMatchObject(refused(reason))
    expect(server.requests.foreign).toBe(0)
  })

  it('keys are fetched once, and again once for a kid that is unknown', async () => {
    await login()
    await login()
    expect(server.requests.jwks).toBe(1)
    await expect(login({ minting: { header: { kid: 'unknown' } } })).rejects.toMatchObject(
      refused('untrusted'),
    )
    expect(server.requests.jwks).toBe(2)
  })

  it('a new key of the OP’s is found', async () => {
    await login()
    await server.rotate()
    await expect(login()).resolves.toBeDefined()
    expect(server.requests.jwks).toBe(2)
  })

  it('keys are fetched beside the token request, not after it', async () => {
    const network = fetch
    let keysAsked = (): void => {}
    const asked = new Promise<void>(resolve => {
      keysAsked = resolve
    })
    vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input)
      if (pathname === '/jwks') keysAsked()
      // The token endpoint does not answer before the keys have been asked for.
      if (pathname === '/token') await asked
      return network(input, init)
    })
    await expect(login()).resolves.toBeDefined()
  })

  it.each([
    ['are not there', { jwks_uri: 'http://127.0.0.1:1/jwks' }],
    ['are no key set', { jwks_uri: 'ISSUER/nothing' }],
  ])('keys that %s are no verdict about the token', async (_, metadata) => {
    server.metadata = { jwks_uri: metadata.jwks_uri.replace('ISSUER', server.issuer) }
    await expect(login()).rejects.toMatchObject({ code: 'network' })
    await expect(login(forged)).rejects.toMatchObject({ code: 'network' })
  })

  it('keys that the discovery document does not name are a set-up fault', async () => {
    server.metadata = { jwks_uri: undefined }
    await expect(login()).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  it('keys that could not be had are fetched anew by the next login', async () => {
    const network = fetch
    let down = true
    vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) =>
      down && String(input).endsWith('/jwks')
        ? Promise.reject(new TypeError('Failed to fetch'))
        : network(input, init),
    )
    await expect(login()).rejects.toMatchObject({ code: 'network' })
    down = false
    await expect(login()).resolves.toBeDefined()
  })

  it('a refused code leaves no promise that rejects unheard', async () => {
    server.metadata = { jwks_uri: undefined }
    const body = '{"error":"invalid_grant"}'
    const answer = { raw: { status: 400, type: 'application/json', body } }
    await expect(login(answer)).rejects.toSatisfy(isAuthError)
  })

  it('a refresh’s token is verified too', async () => {
    const tokens = await login({ token: { refresh_token: 'rt' } })
    server.refreshAnswer = { minting: { foreignKey: true } }
    await expect(op.refresh(tokens)).rejects.toMatchObject(refused('mismatch'))
    server.refreshAnswer = {}
    await expect(op.refresh(tokens)).resolves.toBeDefined()
  })

  it('a refresh without an ID Token has nothing to verify', async () => {
    const tokens = await login({ token: { refresh_token: 'rt' } })
    server.refreshAnswer = { token: { id_token: undefined } }
    await expect(op.refresh(tokens)).resolves.toMatchObject({ tokens: { accessToken: 'at2' } })
  })
})
