import { createServer, type IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AnyAuthError } from '../../src/core/errors.ts'
import type { TokenSet } from '../../src/core/tokens.ts'
import { createOpenIdProvider, type OpenIdProvider } from '../../src/op/openid-provider.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { listen } from '../support/http.ts'
import { type AuthorizationAnswer, type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock } from '../support/shop.ts'

const clock = new ManualClock()
let server: ScriptedOp
let op: OpenIdProvider
let answer: { status?: number; type?: string; body: unknown } | 'hang'
const asked: IncomingHttpHeaders[] = []
const failures: AnyAuthError[] = []

const userInfoServer = createServer((request, response) => {
  asked.push(request.headers)
  if (answer === 'hang') return
  const { status = 200, type = 'application/json', body } = answer
  response.writeHead(status, { 'Content-Type': type })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
})
let endpoint = ''

const connect = (userInfo: boolean, timeLimit = 10): OpenIdProvider =>
  createOpenIdProvider({
    browser: pageBrowser,
    issuer: server.issuer,
    clientId: 'payments',
    scope: 'openid profile',
    callbackUrl: 'https://app.example/auth/callback.html',
    profile: { name: 'test' },
    now: clock.now,
    clockSkew: 30,
    timeLimit,
    userInfo,
    onUserInfoFailure: error => void failures.push(error),
  })

beforeAll(async () => {
  server = await startOp(clock.now)
  endpoint = `${await listen(userInfoServer)}/userinfo`
})
afterAll(async () => {
  userInfoServer.closeAllConnections()
  userInfoServer.close()
  await server.close()
})
beforeEach(() => {
  server.metadata = { userinfo_endpoint: endpoint }
  server.refreshAnswer = {}
  asked.length = 0
  failures.length = 0
  answer = { body: { sub: 'josh', name: 'Josh', email: 'josh@x.example', picture: 'https://x.example/j' } }
  op = connect(true)
})

async function login(claims: AuthorizationAnswer['claims'] = {}): Promise<TokenSet> {
  const transaction = await op.begin({ kind: 'sign_in' })
  const params = server.authorize(transaction.url, { claims, token: { refresh_token: 'rt' } })
  return (await op.redeem(transaction, params)).tokens
}

describe('userinfo', () => {
  it('gives the names that the ID Token does not have, for the access token', async () => {
    const { account, claims } = await login({ email: 'own@x.example' })
    const name = { name: 'Josh', picture: 'https://x.example/j' }
    expect(account).toEqual({ iss: server.issuer, sub: 'josh', email: 'own@x.example', ...name })
    expect(claims).toMatchObject({ ...name, email: 'own@x.example' })
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer at'])
  })

  it('is asked nothing unless it is wanted', async () => {
    op = connect(false)
    expect((await login()).account.name).toBeUndefined()
    expect(asked).toEqual([])
  })

  it('is asked once for a person, and the names stay over refreshes and further logins', async () => {
    const tokens = await login()
    server.refreshAnswer = { claims: { auth_time: tokens.claims.auth_time } }
    const refreshed = await op.refresh(tokens)
    server.refreshAnswer = { token: { id_token: undefined } }
    const kept = await op.refresh(refreshed.tokens)
    const again = await login()
    for (const { account } of [refreshed.tokens, kept.tokens, again]) expect(account.name).toBe('Josh')
    expect(asked).toHaveLength(1)
  })

  it('is asked again for another person, and after a sign-out', async () => {
    const tokens = await login()
    answer = { body: { sub: 'jane', name: 'Jane' } }
    expect((await login({ sub: 'jane' })).account.name).toBe('Jane')
    await op.revoke(tokens)
    await login({ sub: 'jane' })
    expect(asked).toHaveLength(3)
  })

  it('is not asked by the page that another one has handed the names to', async () => {
    const tokens = await login()
    server.refreshAnswer = { claims: { auth_time: tokens.claims.auth_time } }
    answer = { status: 500, body: {} }
    op = connect(true)
    expect((await op.refresh(tokens)).tokens.account.name).toBe('Josh')
    expect([asked.length, failures]).toEqual([1, []])
  })

  it('that fails is left alone for five minutes, so that it does not hold each renewal up', async () => {
    answer = { status: 500, body: {} }
    const tokens = await login()
    server.refreshAnswer = { claims: { auth_time: tokens.claims.auth_time } }
    answer = { body: { sub: 'josh', name: 'Josh' } }
    const startedAt = performance.now()
    const time = vi.spyOn(performance, 'now').mockReturnValue(startedAt + 299_000)
    expect((await op.refresh(tokens)).tokens.account.name).toBeUndefined()
    expect(asked).toHaveLength(1)
    time.mockReturnValue(startedAt + 301_000)
    expect((await op.refresh(tokens)).tokens.account.name).toBe('Josh')
    time.mockRestore()
  })

  it('says nothing about the protocol', async () => {
    const claims = { iss: 'x', aud: 'x', exp: 1, iat: 1, nonce: 'x', azp: 'x', sid: 'x', nbf: 1, jti: 'x' }
    const signIn = { auth_time: clock.time + 9, acr: 'gold', acrs: ['c1'], amr: ['hwk'], at_hash: 'x' }
    answer = { body: { sub: 'josh', name: 'Josh', ...claims, ...signIn } }
    const tokens = await login({ auth_time: undefined })
    for (const name of ['azp', 'sid', 'nbf', 'jti', ...Object.keys(signIn)])
      expect(tokens.claims, name).not.toHaveProperty(name)
    expect(tokens.claims).toMatchObject({
      iss: server.issuer,
      aud: 'payments',
      iat: clock.time,
      name: 'Josh',
    })
  })

  it.each<[string, typeof answer, object]>([
    ['of another person', { body: { sub: 'jane', name: 'Jane' } }, { error: 'userinfo_sub_mismatch' }],
    ['of no person', { body: { name: 'Josh' } }, { error: 'userinfo_sub_mismatch' }],
    ['that is signed', { type: 'application/jwt', body: 'a.b.c' }, { error: 'userinfo_not_json' }],
    ['that is a refusal', { status: 401, body: {} }, { error: 'userinfo_refused' }],
    ['that is no JSON', { body: '<' }, { code: 'network' }],
    ['that is a list', { body: [] }, { code: 'network' }],
    ['that never comes', 'hang', { code: 'timeout' }],
  ])('with an answer %s leaves the sign-in as it is, and tells why', async (_, odd, failure) => {
    if (odd === 'hang') op = connect(true, 1)
    answer = odd
    const { account } = await login()
    expect(account).toEqual({ iss: server.issuer, sub: 'josh' })
    expect(failures).toMatchObject([failure])
  })

  it('without an endpoint leaves the sign-in as it is, and tells why', async () => {
    server.metadata = {}
    op = connect(true)
    expect((await login()).account.sub).toBe('josh')
    expect(failures).toMatchObject([{ code: 'configuration_invalid' }])
  })
})
