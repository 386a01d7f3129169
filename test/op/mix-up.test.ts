import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  createOpenIdProvider,
  type OpenIdProvider,
  type OpenIdProviderOptions,
} from '../../src/op/openid-provider.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock } from '../support/shop.ts'

const clock = new ManualClock()
const callbackUrl = 'https://app.example/auth/callback.html'
const advertised = { authorization_response_iss_parameter_supported: true }
const refused = { code: 'configuration_invalid' }
let honest: ScriptedOp
let evil: ScriptedOp
let disposal: AbortController

beforeAll(async () => {
  honest = await startOp(clock.now)
  evil = await startOp(clock.now)
})
afterAll(() => Promise.all([honest.close(), evil.close()]))
beforeEach(() => {
  disposal = new AbortController()
})
afterEach(() => {
  disposal.abort()
  for (const server of [honest, evil]) {
    server.metadata = {}
    server.down = false
  }
})

/** A client of this page. */
function client(server: ScriptedOp, changes: Partial<OpenIdProviderOptions> = {}) {
  const op = createOpenIdProvider({
    browser: pageBrowser,
    issuer: server.issuer,
    clientId: 'payments',
    scope: 'openid',
    callbackUrl,
    profile: { name: 'test' },
    now: clock.now,
    clockSkew: 30,
    timeLimit: 5,
    disposed: disposal.signal,
    ...changes,
  })
  op.join()
  return op
}

it('two issuers without iss and with one callback page are refused before anything leaves the page', async () => {
  const [one, other] = [client(honest), client(evil)]
  await expect(one.begin({ kind: 'sign_in' })).rejects.toMatchObject(refused)
  await expect(other.begin({ kind: 'sign_in' })).rejects.toMatchObject(refused)
})

it.each([
  ['the one', advertised, {}],
  ['the other', {}, advertised],
])('where %s says that it puts iss into its answers, both are asked', async (_, mine, theirs) => {
  honest.metadata = mine
  evil.metadata = theirs
  const [one, other] = [client(honest), client(evil)]
  await expect(one.begin({ kind: 'sign_in' })).resolves.toBeDefined()
  await expect(other.begin({ kind: 'sign_in' })).resolves.toBeDefined()
})

it('two clients of one issuer are no matter', async () => {
  const [one, other] = [client(honest), client(honest)]
  await expect(
    Promise.all([one.begin({ kind: 'sign_in' }), other.begin({ kind: 'sign_in' })]),
  ).resolves.toHaveLength(2)
})

it('clients of two issuers in two browsers are no matter', async () => {
  const [one, other] = [client(honest), client(evil, { browser: { ...pageBrowser } })]
  await expect(one.begin({ kind: 'sign_in' })).resolves.toBeDefined()
  await expect(other.begin({ kind: 'sign_in' })).resolves.toBeDefined()
})

it('a client that is disposed of counts no more', async () => {
  const gone = new AbortController()
  const [one] = [client(honest), client(evil, { disposed: gone.signal })]
  await expect(one.begin({ kind: 'sign_in' })).rejects.toMatchObject(refused)
  gone.abort()
  await expect(one.begin({ kind: 'sign_in' })).resolves.toBeDefined()
})

it('an OP that is down does not hold the other up, and counts when it is back', async () => {
  evil.down = true
  const [one] = [client(honest), client(evil)]
  await expect(one.begin({ kind: 'sign_in' })).resolves.toBeDefined()
  evil.down = false
  await expect(one.begin({ kind: 'sign_in' })).rejects.toMatchObject(refused)
})

/** The evil OP sends the person on to the honest one, whose answer comes back for the evil one's request. */
async function mixUp(asked: OpenIdProvider, path: string): Promise<unknown> {
  const transaction = await asked.begin({ kind: 'sign_in' })
  const params = `${honest.authorize(transaction.url, { response: { iss: undefined } })}${path}`
  return asked.redeem(transaction, params)
}

it('with a callback page each, a code that came back to the honest OP’s page never reaches the evil one', async () => {
  client(honest)
  const asked = client(evil, { callbackUrl: 'https://app.example/auth/other.html' })
  const before = evil.requests.token
  const mixed = mixUp(asked, '&afresh_callback=%2Fauth%2Fcallback.html')
  await expect(mixed).rejects.toMatchObject({ code: 'authorization_failed', error: 'callback_mismatch' })
  expect(evil.requests.token).toBe(before)
})

it.each(['', '&afresh_callback=%2Fauth%2Fcallback.html'])(
  'with a callback page each, both sign in: %j',
  async path => {
    client(evil, { callbackUrl: 'https://app.example/auth/other.html' })
    const one = client(honest)
    const transaction = await one.begin({ kind: 'sign_in' })
    const params = `${honest.authorize(transaction.url, { response: { iss: undefined } })}${path}`
    await expect(one.redeem(transaction, params)).resolves.toBeDefined()
  },
)

it('a client that is alone may have its callback page under another path', async () => {
  const one = client(honest)
  const transaction = await one.begin({ kind: 'sign_in' })
  const params = honest.authorize(transaction.url, { response: { iss: undefined } })
  await expect(one.redeem(transaction, `${params}&afresh_callback=%2Fauth%2Fcallback`)).resolves.toBeDefined()
})

it('an answer that says twice where it came back to is refused', async () => {
  client(evil, { callbackUrl: 'https://app.example/auth/other.html' })
  const one = client(honest)
  const path = '&afresh_callback=%2Fauth%2Fcallback.html'
  await expect(mixUp(one, path + path)).rejects.toMatchObject({ error: 'duplicate_parameter' })
})
