import { Log } from 'oidc-client-ts'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createOpenIdProvider } from '../../src/op/openid-provider.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock } from '../support/shop.ts'

const clock = new ManualClock()
let server: ScriptedOp

beforeAll(async () => {
  server = await startOp(clock.now)
  server.metadata = { end_session_endpoint: `${server.issuer}/end` }
  server.refreshAnswer = { token: { refresh_token: 'secret-refresh-token-2' } }
})
afterAll(() => server.close())
afterEach(() => {
  Log.reset()
  vi.restoreAllMocks()
})

/** Everything that a session asks of the OP, good and bad. Returns every secret that it had. */
async function liveThroughSession(): Promise<string[]> {
  const op = createOpenIdProvider({
    browser: pageBrowser,
    issuer: server.issuer,
    clientId: 'payments',
    scope: 'openid',
    callbackUrl: 'https://app.example/auth/callback.html',
    profile: { name: 'test' },
    now: clock.now,
    clockSkew: 30,
    timeLimit: 10,
  })
  const transaction = await op.begin({ kind: 'sign_in' })
  const token = { access_token: 'secret-access-token', refresh_token: 'secret-refresh-token' }
  const params = server.authorize(transaction.url, { token })
  const { tokens } = await op.redeem(transaction, params)
  await expect(op.redeem(transaction, params)).rejects.toMatchObject({ error: 'invalid_grant' })
  const { tokens: renewed } = await op.refresh(tokens)
  await op.beginSignOut(renewed.idToken)
  await op.revoke(renewed)
  const code = new URLSearchParams(params).get('code') ?? ''
  const { codeVerifier } = transaction
  return [codeVerifier, code, tokens.accessToken, tokens.idToken, renewed.idToken, 'secret-refresh-token']
}

const levels = ['debug', 'info', 'warn', 'error'] as const

it('oidc-client-ts logs nothing unless the app makes it', async () => {
  const spies = levels.map(level => vi.spyOn(console, level))
  await liveThroughSession()
  expect(spies.flatMap(spy => spy.mock.calls)).toEqual([])
})

it('oidc-client-ts logs no secret of ours, even when the app turns its log up for something else', async () => {
  const lines: unknown[] = []
  const write = (...line: unknown[]): void => void lines.push(line)
  Log.setLogger({ debug: write, info: write, warn: write, error: write })
  Log.setLevel(Log.DEBUG)
  const secrets = await liveThroughSession()
  const text = JSON.stringify(lines)
  expect(text).toContain('createSigninRequest')
  expect(secrets.filter(secret => secret === '' || text.includes(secret))).toEqual([])
})
