// @vitest-environment jsdom
import { type AuthClient, createAuthClient, selectPrompt } from 'afresh'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { TestPage } from '../support/page.ts'

/** Attacks on what the browser keeps and hears, each with what it must come to. SECURITY.md says where others are. */

vi.mock('../../src/op/windows.ts', () => import('../support/windows.ts'))

const seconds = (): number => Math.floor(Date.now() / 1000)
const [justNow, loggedInAt] = [seconds(), seconds() - 1000]
let op: ScriptedOp
let page: TestPage
const clients: AuthClient[] = []

beforeAll(async () => {
  op = await startOp(seconds)
})
afterAll(() => op.close())
beforeEach(() => {
  sessionStorage.clear()
  localStorage.clear()
  op.metadata = {}
  page = new TestPage(op)
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const client of clients.splice(0)) client.dispose()
  vi.unstubAllGlobals()
})

type Options = Partial<Parameters<typeof createAuthClient>[0]>

function open(options: Options = {}): AuthClient {
  const { issuer } = op
  const usual = { issuer, clientId: 'payments', freshness: { endpoint: '/api/freshness' }, timeLimit: 2 }
  const client = createAuthClient({ ...usual, ...options })
  client.mount()
  clients.push(client)
  return client
}
const until = (predicate: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(predicate()).toBe(true), { timeout: 4000, interval: 5 })
const session = (client: AuthClient) => client.store.getState().session
const prompt = (client: AuthClient) => selectPrompt(client.store.getState())

/** Josh, who signed in a while ago. */
async function signedIn(options: Options = {}): Promise<AuthClient> {
  const client = await nobody(options)
  page.popups.push({ claims: { auth_time: loggedInAt }, token: { refresh_token: 'rt' } })
  await client.signIn()
  return client
}

async function nobody(options: Options = {}): Promise<AuthClient> {
  const client = open(options)
  await until(() => session(client).status === 'anonymous')
  return client
}

/** What a tab hands to another, as whoever is of this origin can make it up. */
async function handed(claims: object, changes: object = {}): Promise<object> {
  const idToken = await op.mint({ auth_time: loggedInAt, ...claims }, { alg: 'RS256', foreignKey: true })
  const { iss, sub } = decodeJwt(idToken)
  const account = { iss, sub }
  const times = { receivedAt: Date.now() + 1000, accessTokenExpiresAt: seconds() + 300 }
  const tokens = { accessToken: 'forged', tokenType: 'Bearer', idToken, account, claims: decodeJwt(idToken) }
  return { ...tokens, ...times, ...changes }
}

/** Another script of this origin speaks on a channel; when this returns it was heard. */
async function say(name: string, ...messages: unknown[]): Promise<void> {
  const [channel, after] = [new BroadcastChannel(name), new BroadcastChannel(name)]
  const heard = new Promise<void>(resolve => {
    after.onmessage = ({ data }) => data?.type === 'end' && resolve()
  })
  for (const message of [...messages, { type: 'end' }]) channel.postMessage(message)
  await heard
  channel.close()
  after.close()
}
const tabs = (): string => `afresh:tabs:${op.issuer} payments`
const news = async (claims: object, changes: object = {}): Promise<object> => ({
  type: 'session',
  tokens: await handed(claims, changes),
})

describe('local state forged: a message from another script of this origin', () => {
  it('that brings another person’s session asks the person, and nothing is sent meanwhile', async () => {
    const client = await signedIn()
    await say(tabs(), await news({ sub: 'jane' }))
    expect(prompt(client)).toMatchObject({
      type: 'account_changed',
      from: { sub: 'josh' },
      to: { sub: 'jane' },
    })
    const before = page.requests.length
    await expect(client.stepUp('email.change')).rejects.toMatchObject({ name: 'AuthError' })
    await expect(client.fetch('/api/email')).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(page.requests).toHaveLength(before)
    expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
  })

  it('that brings another person’s tokens under this one’s name asks too', async () => {
    const client = await signedIn()
    const account = { iss: op.issuer, sub: 'josh' }
    await say(tabs(), await news({ sub: 'jane' }, { account, claims: decodeJwt(await op.mint()) }))
    expect(prompt(client)).toMatchObject({ type: 'account_changed', to: { sub: 'jane' } })
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'account_mismatch' })
  })

  it.each([
    ['the same person', () => signedIn()],
    ['nobody', () => nobody()],
  ])('that says in the tab of %s that josh has just signed in yields no grant', async (_, load) => {
    const client = await load()
    await say(tabs(), await news({ auth_time: justNow }))
    expect(session(client)).toMatchObject({ account: { sub: 'josh' }, claims: { auth_time: justNow } })
    const denied = { code: 'step_up_denied', reason: 'invalid_token' }
    await expect(client.stepUp('email.change')).rejects.toMatchObject(denied)
    expect(page.shop.ledger).toEqual([])
  })

  it.each([
    ['nothing', async () => null],
    ['a text', async () => 'session'],
    ['another kind of message', async () => ({ type: 'from-the-future' })],
    ['no tokens', async () => ({ type: 'session' })],
    ['empty tokens', async () => ({ type: 'session', tokens: {} })],
    ['no ID Token', async () => news({}, { idToken: undefined })],
  ])('that brings %s is nothing at all, whether somebody is signed in or not', async (_, message) => {
    const client = await nobody()
    const before = client.store.getState()
    await say(tabs(), await message())
    expect(client.store.getState()).toEqual(before)
    page.popups.push({})
    await client.signIn()
    const josh = client.store.getState()
    await say(tabs(), await message())
    expect(client.store.getState()).toEqual(josh)
    expect(await client.getAccessToken()).toBe('at')
  })

  it('that puts another code under the state of a sign-in signs nobody in', async () => {
    const client = await nobody()
    page.popups.push('stay')
    const signingIn = client.signIn()
    signingIn.catch(() => {})
    await until(() => page.visited.at(-1)?.searchParams.get('prompt') === null)
    // A code from a request of the attacker's own.
    const url = new URL(page.visited.at(-1) ?? '')
    url.searchParams.set('code_challenge', 'x'.repeat(43))
    const stolen = op.authorize(url.href, { claims: { sub: 'mallory' } })
    await say(`afresh:${url.searchParams.get('state')}`, 7, null, {}, stolen)
    await expect(signingIn).rejects.toMatchObject({ code: 'authorization_failed', error: 'invalid_grant' })
    expect(session(client).status).toBe('anonymous')
  })
})

describe('local state forged', () => {
  const kept = (): string => `afresh:session:${op.issuer} payments`

  it('sessionStorage says that josh has just signed in: no grant', async () => {
    sessionStorage.setItem(kept(), JSON.stringify(await handed({ auth_time: seconds() })))
    const client = open({ storage: 'session' })
    await until(() => session(client).status === 'authenticated')
    const denied = { code: 'step_up_denied', reason: 'invalid_token' }
    await expect(client.stepUp('email.change')).rejects.toMatchObject(denied)
    expect(page.shop.ledger).toEqual([])
  })

  it('sessionStorage has josh’s name on jane’s tokens: it is jane who is shown', async () => {
    const account = { iss: op.issuer, sub: 'josh' }
    sessionStorage.setItem(kept(), JSON.stringify(await handed({ sub: 'jane' }, { account })))
    const client = open({ storage: 'session' })
    await until(() => session(client).status === 'authenticated')
    expect(session(client)).toMatchObject({ account: { sub: 'jane' }, claims: { sub: 'jane' } })
  })

  it.each(['{}', '7', '{', '[]', '{"idToken":"a.b.c"}'])(
    'sessionStorage holds %s: nobody is signed in',
    async text => {
      sessionStorage.setItem(kept(), text)
      const client = open({ storage: 'session' })
      await until(() => session(client).status === 'anonymous')
    },
  )

  it('a kept discovery document of another issuer is not used', async () => {
    const metadata = { issuer: 'https://evil.example', token_endpoint: 'https://evil.example/token' }
    sessionStorage.setItem(`afresh:metadata:${op.issuer}`, JSON.stringify({ at: seconds(), metadata }))
    const client = await signedIn()
    expect(session(client)).toMatchObject({ account: { iss: op.issuer } })
  })

  it('the state cannot be set, and one that is made to look fresh is asked about all the same', async () => {
    const client = await signedIn()
    expect(Object.keys(client.store).sort()).toEqual(['getInitialState', 'getState', 'subscribe'])
    Object.assign((session(client) as { claims: object }).claims, { auth_time: seconds() })
    client.stepUp('email.change').catch(() => {})
    await until(() => prompt(client)?.type === 'step_up')
  })
})
