import { IDBFactory } from 'fake-indexeddb'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TokenSet } from '../../src/core/tokens.ts'
import { loadKey } from '../../src/op/dpop-key.ts'
import { createOpenIdProvider, type OpenIdProvider } from '../../src/op/openid-provider.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { type SeenProof, sha256 } from '../support/dpop.ts'
import { type AuthorizationAnswer, type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock } from '../support/shop.ts'

const clock = new ManualClock()
let server: ScriptedOp
let api: ScriptedOp
let op: OpenIdProvider

const connect = (
  options: { dpop?: boolean; clientId?: string; tabs?: 'shared' | 'isolated' } = {},
): OpenIdProvider =>
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
    dpop: true,
    ...options,
  })

beforeAll(async () => {
  server = await startOp(clock.now)
  api = await startOp(clock.now)
})
afterAll(async () => {
  await server.close()
  await api.close()
})
beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  for (const each of [server, api]) {
    each.proofs.length = 0
    each.forms.length = 0
    each.dpopNonce = {}
    each.resourceAnswer = null
    each.refreshAnswer = {}
  }
  op = connect()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

async function login(answer: AuthorizationAnswer = {}): Promise<TokenSet> {
  const transaction = await op.begin({ kind: 'sign_in' })
  const { tokens } = await op.redeem(transaction, server.authorize(transaction.url, answer))
  return tokens
}
async function jkt(provider: OpenIdProvider): Promise<string | null> {
  return new URL((await provider.begin({ kind: 'sign_in' })).url).searchParams.get('dpop_jkt')
}
const call = (path = '/resource', init: RequestInit = {}, token: string | null = 'at'): Promise<Response> =>
  op.call(new Request(`${api.issuer}${path}`, init), token)
const nonces = (proofs: readonly SeenProof[]): unknown[] => proofs.map(({ claims }) => claims.nonce)

describe('a proof', () => {
  it('to the token endpoint says what RFC 9449 §4.2 wants, by the key that the authorization request named', async () => {
    const transaction = await op.begin({ kind: 'sign_in' })
    await op.redeem(transaction, server.authorize(transaction.url))
    const [proof] = server.proofs
    expect(proof?.header).toEqual({
      typ: 'dpop+jwt',
      alg: 'ES256',
      jwk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
    })
    expect(proof?.claims).toEqual({
      jti: expect.any(String),
      htm: 'POST',
      htu: `${server.issuer}/token`,
      iat: clock.time,
    })
    expect(new URL(transaction.url).searchParams.get('dpop_jkt')).toBe(proof?.thumbprint)
  })

  it('to a resource names the token by its hash, and the URL without query and fragment', async () => {
    const response = await call('/resource?page=2#top', { method: 'PUT', body: 'x' })
    expect(await response.json()).toEqual({ authorization: 'DPoP at', text: 'x' })
    expect(api.proofs[0]?.claims).toMatchObject({
      htm: 'PUT',
      htu: `${api.issuer}/resource`,
      ath: sha256('at'),
    })
  })

  it('without a token names none', async () => {
    const response = await call('/resource', {}, null)
    expect(await response.json()).toMatchObject({ authorization: null })
    expect(api.proofs[0]?.claims).not.toHaveProperty('ath')
  })

  it('is a new one each time', async () => {
    await Promise.all([call(), call()])
    const [first, second] = api.proofs
    expect(first?.claims.jti).not.toBe(second?.claims.jti)
  })

  it('comes with a refresh, and with no revocation', async () => {
    const tokens = await login({ token: { refresh_token: 'rt' } })
    await op.refresh(tokens)
    expect(server.proofs).toHaveLength(2)
    await op.revoke(tokens)
    expect(server.forms).toHaveLength(3)
    expect(server.proofs).toHaveLength(2)
  })

  it('is not sent unless asked for', async () => {
    op = connect({ dpop: false })
    expect(await jkt(op)).toBeNull()
    await login()
    expect(await (await call()).json()).toMatchObject({ authorization: 'Bearer at' })
    expect([...server.proofs, ...api.proofs]).toEqual([])
  })
})

describe('the key', () => {
  it('is one for all tabs, also when they start together', async () => {
    const tabs = [connect(), connect(), connect()]
    const [first, ...others] = await Promise.all(tabs.map(jkt))
    expect(first).toMatch(/^[\w-]{43}$/)
    expect(others).toEqual([first, first])
    expect(await jkt(connect())).toBe(first)
  })

  it('is another one for another client', async () => {
    expect(await jkt(connect({ clientId: 'other' }))).not.toBe(await jkt(op))
  })

  it('cannot be read out', async () => {
    const { privateKey } = await loadKey('any')
    expect(privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow()
  })

  it.each<[string, () => unknown]>([
    ['has no IndexedDB', () => undefined],
    [
      'forbids IndexedDB',
      () => ({
        open: () => {
          throw new DOMException('no', 'SecurityError')
        },
      }),
    ],
    ['fails to open it', () => ({ open: failingOpen })],
  ])('a browser that %s is told so, and asked again the next time', async (_, indexedDB) => {
    const working = globalThis.indexedDB
    vi.stubGlobal('indexedDB', indexedDB())
    await expect(op.begin({ kind: 'sign_in' })).rejects.toMatchObject({ code: 'configuration_invalid' })
    await expect(op.begin({ kind: 'sign_in' })).rejects.toMatchObject({ code: 'configuration_invalid' })
    await expect(call()).rejects.toMatchObject({ code: 'configuration_invalid' })
    vi.stubGlobal('indexedDB', working)
    await expect(op.begin({ kind: 'sign_in' })).resolves.toBeDefined()
  })

  it('is gone from the browser after a sign-out, also when the OP cannot be reached', async () => {
    const tokens = await login()
    const first = await jkt(op)
    server.down = true
    await op.revoke(tokens).catch(() => {})
    server.down = false
    expect(await jkt(connect())).not.toBe(first)
  })

  it('after a sign-out in one tab is the same new one in all', async () => {
    const sibling = connect()
    const first = await jkt(sibling)
    await op.revoke(await login())
    const second = await jkt(sibling)
    expect(second).not.toBe(first)
    expect(await jkt(op)).toBe(second)
  })

  it('stays when an isolated tab signs out: the others have sessions by it', async () => {
    const isolated = connect({ tabs: 'isolated' })
    const first = await jkt(isolated)
    await isolated.revoke(await login())
    expect(await jkt(isolated)).toBe(first)
  })

  it('that is not there is no reason not to revoke', async () => {
    const tokens = await login()
    vi.stubGlobal('indexedDB', undefined)
    await op.revoke(tokens)
    expect(server.forms.at(-1)?.get('token')).toBe('at')
  })

  it('that the browser does not keep is not used', async () => {
    const { prototype } = (await import('fake-indexeddb')).IDBObjectStore
    const put = vi.spyOn(prototype, 'put').mockImplementation(() => {
      throw new DOMException('no', 'DataCloneError')
    })
    await expect(op.begin({ kind: 'sign_in' })).rejects.toMatchObject({ code: 'configuration_invalid' })
    put.mockRestore()
  })
})

function failingOpen(): unknown {
  const request = { error: new DOMException('no', 'UnknownError'), onerror: () => {} }
  queueMicrotask(() => request.onerror())
  return request
}

describe('a nonce', () => {
  it('that the token endpoint asks for is given at once, and from then on', async () => {
    server.dpopNonce = { demanded: 'n1', offered: 'n1' }
    const tokens = await login({ token: { refresh_token: 'rt' } })
    expect(nonces(server.proofs)).toEqual([undefined, 'n1'])
    await op.refresh(tokens)
    expect(nonces(server.proofs)).toEqual([undefined, 'n1', 'n1'])
  })

  it('that a resource asks for is given, with the same body', async () => {
    api.dpopNonce = { demanded: 'n1', offered: 'n1' }
    const response = await call('/resource', { method: 'POST', body: 'pay' })
    expect(await response.json()).toEqual({ authorization: 'DPoP at', text: 'pay' })
    expect(api.proofs.map(({ claims }) => claims.ath)).toEqual([sha256('at'), sha256('at')])
  })

  it('is learnt from a good answer too', async () => {
    api.dpopNonce = { offered: 'n1' }
    await call()
    api.dpopNonce = { demanded: 'n1', offered: 'n2' }
    await call()
    await call()
    expect(nonces(api.proofs).slice(0, 3)).toEqual([undefined, 'n1', 'n2'])
  })

  it('is known to its own origin only', async () => {
    server.dpopNonce = { offered: 'of the OP' }
    api.dpopNonce = { offered: 'of the API' }
    await login()
    await call()
    await login()
    await call()
    expect(nonces(server.proofs)).toEqual([undefined, 'of the OP'])
    expect(nonces(api.proofs)).toEqual([undefined, 'of the API'])
  })

  it('that is never good enough is asked for twice, and then the error is the answer', async () => {
    for (const each of [server, api]) each.dpopNonce = { demanded: 'n1', offered: 'n2' }
    await expect(login()).rejects.toMatchObject({ code: 'authorization_failed', error: 'use_dpop_nonce' })
    expect(server.proofs).toHaveLength(2)
    expect((await call()).status).toBe(401)
    expect(api.proofs).toHaveLength(2)
  })

  it('that is asked for but not told is not tried without', async () => {
    for (const each of [server, api]) each.dpopNonce = { demanded: 'n1' }
    await expect(login()).rejects.toMatchObject({ error: 'use_dpop_nonce' })
    expect(server.proofs).toHaveLength(1)
    expect((await call()).status).toBe(401)
    expect(api.proofs).toHaveLength(1)
  })

  it('beside a real error of the token endpoint hides nothing of it', async () => {
    server.dpopNonce = { offered: 'n1' }
    const body = JSON.stringify({ error: 'invalid_grant', error_description: 'used', error_reason: 'r' })
    const raw = { status: 400, type: 'application/json', body }
    await expect(login({ raw })).rejects.toMatchObject({
      error: 'invalid_grant',
      parameters: { error: 'invalid_grant', error_description: 'used', error_reason: 'r' },
    })
    expect(server.proofs).toHaveLength(1)
  })

  it.each([
    [401, 'DPoP error="invalid_token"'],
    [401, 'Bearer error="insufficient_user_authentication", max_age="0"'],
    [403, 'DPoP error="use_dpop_nonce"'],
    [200, 'DPoP error="use_dpop_nonce"'],
  ])('beside a %i with %s sends nothing again', async (status, challenge) => {
    api.dpopNonce = { offered: 'n1' }
    api.resourceAnswer = { status, challenge }
    const response = await call('/resource', { method: 'POST', body: 'pay' })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ text: 'pay' })
    expect(api.proofs).toHaveLength(1)
  })
})

describe('a token that is not bound as asked is refused', () => {
  const refused = { code: 'authorization_failed', error: 'token_type_mismatch' }
  it.each(['Bearer', 'bearer', 'N_A', 'DPoPx'])('%s where DPoP was asked for', async token_type => {
    await expect(login({ token: { token_type } })).rejects.toMatchObject(refused)
  })

  it.each(['DPoP', 'mac'])('%s where Bearer was asked for', async token_type => {
    op = connect({ dpop: false })
    await expect(login({ token: { token_type } })).rejects.toMatchObject(refused)
  })

  it('also by a refresh, with and without an ID Token', async () => {
    const tokens = await login({ token: { refresh_token: 'rt' } })
    server.refreshAnswer = { token: { token_type: 'Bearer' } }
    await expect(op.refresh(tokens)).rejects.toMatchObject(refused)
    server.refreshAnswer = { token: { token_type: 'Bearer', id_token: undefined } }
    await expect(op.refresh(tokens)).rejects.toMatchObject(refused)
  })

  it.each([
    [true, 'dpop'],
    [true, 'DPOP'],
    [false, 'bearer'],
  ])('but its letters may be of any size (dpop %j, %s)', async (dpop, token_type) => {
    op = connect({ dpop })
    await expect(login({ token: { token_type } })).resolves.toBeDefined()
  })
})

it.each(['hears', 'does not hear'])(
  'an aborted call is not sent again where its copy %s of it',
  async copy => {
    if (copy === 'does not hear') {
      vi.spyOn(Request.prototype, 'clone').mockImplementation(function (this: Request) {
        return new Request(this.url, { headers: this.headers })
      })
    }
    api.dpopNonce = { demanded: 'n1', offered: 'n1' }
    const abort = new AbortController()
    const network = fetch
    vi.stubGlobal('fetch', async (request: Request) => {
      const response = await network(request)
      abort.abort()
      return response
    })
    await expect(call('/resource', { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' })
    expect(api.proofs).toHaveLength(1)
  },
)
