import { type AuthClient, type AuthClientOptions, selectPrompt } from 'afresh'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClientIn } from '../../src/client/create-client-in.ts'
import { inspect } from '../../src/client/inspection.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { PagelessBrowser } from '../support/pageless-browser.ts'

/** In Node: there is neither a page nor a storage, and only the clock that a test moves. */

let op: ScriptedOp
let metadata: Readonly<Record<string, unknown>>
let browser: PagelessBrowser
let now = (): number => 1_800_000_000
const clients: AuthClient[] = []

beforeAll(async () => {
  op = await startOp(() => now())
  metadata = await (await fetch(`${op.issuer}/.well-known/openid-configuration`)).json()
})
afterAll(() => op.close())
beforeEach(() => {
  browser = new PagelessBrowser(op)
  now = () => Math.floor(browser.clock.now() / 1000)
  op.refreshAnswer = { token: { refresh_token: 'rt' } }
  op.forms.length = 0
})
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose()
  expect(browser.reported).toEqual([])
})

function load(options: Partial<AuthClientOptions> = {}, tab = browser.openTab()): AuthClient {
  const client = createClientIn(tab, {
    issuer: op.issuer,
    clientId: 'payments',
    metadata,
    ...options,
  })
  clients.push(client)
  client.mount()
  return client
}

const session = (client: AuthClient) => client.store.getState().session
const until = (predicate: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(predicate()).toBe(true), { timeout: 4000, interval: 5 })

describe('clients in a browser without a page', () => {
  beforeEach(() => {
    expect([typeof document, typeof localStorage]).toEqual(['undefined', 'undefined'])
    browser.answer = { response: { code: undefined, error: 'login_required' } }
  })

  async function signedIn(options?: Partial<AuthClientOptions>): Promise<AuthClient> {
    const client = load(options)
    await until(() => session(client).status === 'anonymous')
    browser.answer = { token: { refresh_token: 'rt', expires_in: 300 } }
    await client.signIn()
    return client
  }

  it('sign a person in, share the session, and end it together', async () => {
    const first = await signedIn()
    const second = load()
    await until(() => session(second).status === 'authenticated')
    expect(await second.getAccessToken()).toBe(await first.getAccessToken())
    await second.signOut()
    await until(() => session(first).status === 'anonymous')
    expect(session(first)).toMatchObject({ reason: 'signed_out' })
  })

  it('share nothing with one in another browser', async () => {
    await signedIn()
    const other = new PagelessBrowser(op)
    other.answer = { response: { code: undefined, error: 'login_required' } }
    const stranger = load({}, other.openTab())
    await until(() => session(stranger).status !== 'initializing')
    expect(session(stranger)).toMatchObject({ status: 'anonymous', reason: 'login_required' })
  })

  it('renew the session when their clock says so, and at no other time', async () => {
    const client = await signedIn()
    const grants = (): (string | null)[] => op.forms.map(form => form.get('grant_type'))
    browser.clock.advance(200_000)
    expect(grants()).toEqual(['authorization_code'])
    browser.clock.advance(100_000)
    await until(() => grants().length === 2)
    expect(grants()).toEqual(['authorization_code', 'refresh_token'])
    expect(session(client).status).toBe('authenticated')
  })

  it('end a session at its limit by their clock, with the warning before', async () => {
    const client = await signedIn({ session: { idle: 600, warnBefore: 60 } })
    browser.clock.advance(545_000)
    expect(selectPrompt(client.store.getState())).toMatchObject({ type: 'idle_warning' })
    browser.clock.advance(60_000)
    expect(session(client)).toMatchObject({ status: 'anonymous', reason: 'idle' })
  })

  it('read the relative URLs of requests against their own', async () => {
    const client = await signedIn()
    const asked: string[] = []
    vi.stubGlobal('fetch', async (request: Request) => {
      asked.push(request.url)
      return new Response()
    })
    await client.fetch('accounts?of=josh')
    vi.unstubAllGlobals()
    expect(asked).toEqual(['https://app.example/accounts?of=josh'])
  })

  it('tell their clock to the devtools', async () => {
    const client = await signedIn()
    browser.clock.advance(5_000)
    expect(inspect(client)?.now()).toBe(1_800_000_005)
    expect(
      inspect(client)
        ?.happenings()
        .every(({ at }) => at === 1_800_000_000_000),
    ).toBe(true)
  })
})
