// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createClient,
  departures,
  op,
  openTab,
  page,
  rememberSession,
  session,
  setUpPage,
  until,
} from '../../support/client.ts'

setUpPage()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  // Loaded by a page that a person has not touched.
  Object.defineProperty(navigator, 'userActivation', {
    value: { hasBeenActive: false },
    configurable: true,
  })
  return () => {
    op.down = false
  }
})

async function openWhileDown(): Promise<AuthClient> {
  rememberSession()
  op.down = true
  const client = openTab()
  await until(() => session(client).status === 'anonymous')
  return client
}

describe('a page that is loaded while the OP is down', () => {
  it('stays, and says that it is unknown who is signed in', async () => {
    const client = await openWhileDown()
    expect(session(client)).toMatchObject({ reason: 'failed', error: { code: 'network' } })
    expect(departures()).toEqual([])
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'network' })
  })

  it('stays where the frame is silent because the OP is down, and does not wait for it', async () => {
    // Its discovery document is at hand from before.
    const before = openTab()
    await until(() => session(before).status === 'anonymous')
    before.dispose()
    rememberSession()
    op.down = true
    page.frame = 'stay'
    const client = openTab({ timeLimit: 60 })
    await until(() => session(client).status === 'anonymous')
    expect(session(client)).toMatchObject({ error: { code: 'network' } })
    expect(departures()).toEqual([])
  })

  it.each<[string, (client: AuthClient) => unknown]>([
    ['the page is online again', () => window.dispatchEvent(new Event('online'))],
    ['the page has the focus again', () => window.dispatchEvent(new Event('focus'))],
    ['the page is visible again', () => document.dispatchEvent(new Event('visibilitychange'))],
    ['the app calls restore', client => client.restore()],
  ])('finds the session when the OP is back and %s', async (_, happen) => {
    const client = await openWhileDown()
    op.down = false
    page.frame = { token: { access_token: 'found' } }
    happen(client)
    await until(() => session(client).status === 'authenticated')
    expect(await client.getAccessToken()).toBe('found')
  })

  it.each<[string, (client: AuthClient) => Promise<unknown>]>([
    ['fetch', client => client.fetch('/reports')],
    ['getAccessToken', client => client.getAccessToken()],
    ['renew', client => client.renew()],
  ])('finds the session when the OP is back and the app calls %s, which waits for it', async (_, act) => {
    vi.useFakeTimers({ toFake: ['performance'] })
    page.intercept = ({ url }) => (url.endsWith('/reports') ? new Response() : undefined)
    const client = await openWhileDown()
    op.down = false
    page.frame = { token: { access_token: 'found' } }
    vi.advanceTimersByTime(10_000)
    await act(client)
    expect(session(client).status).toBe('authenticated')
  })

  it('finds the session also after a sign-in that the person has given up', async () => {
    const client = await openWhileDown()
    op.down = false
    page.popups.push('close')
    await expect(client.signIn()).rejects.toMatchObject({ code: 'interaction_cancelled' })
    expect(session(client)).toMatchObject({ error: { code: 'interaction_cancelled' } })
    page.frame = { token: { access_token: 'found' } }
    window.dispatchEvent(new Event('online'))
    await until(() => session(client).status === 'authenticated')
  })

  it('tries again by itself, in one tab, at most a minute apart', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const tabs = [await openWhileDown(), openTab(), openTab()]
    await until(() => tabs.every(tab => session(tab).status === 'anonymous'))
    // What is asked past the cache is a probe: here a second may be over before the OP has refused.
    const tries = (): number =>
      page.requests.filter(({ url, cache }) => url.includes('/.well-known/') && cache !== 'no-store').length
    const minutes: number[] = []
    for (let minute = 0; minute < 6; minute++) {
      const before = tries()
      for (let second = 0; second < 60; second++) {
        await vi.advanceTimersByTimeAsync(1000)
        // The OP is asked by real HTTP.
        await new Promise(resolve => setImmediate(resolve))
      }
      minutes.push(tries() - before)
    }
    expect(Math.min(...minutes)).toBeGreaterThan(0)
    expect(Math.max(...minutes.slice(2))).toBeLessThanOrEqual(3)
    op.down = false
    page.frame = {}
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(1000)
      expect(tabs.map(tab => session(tab).status)).toEqual(tabs.map(() => 'authenticated'))
    }, 8000)
    const after = page.visited.length
    await vi.advanceTimersByTimeAsync(120_000)
    expect(page.visited).toHaveLength(after)
  })

  it('leaves for the OP once that has answered, but not once a person has begun to use the page', async () => {
    const client = await openWhileDown()
    Object.assign(navigator.userActivation, { hasBeenActive: true })
    op.down = false
    page.frame = 'stay'
    window.dispatchEvent(new Event('online'))
    await until(() => session(client).status === 'anonymous' && page.openWindows === 0)
    await until(() => JSON.stringify(session(client)).includes('timeout'))
    expect(departures()).toEqual([])
    void client.restore()
    await until(() => departures().length === 1)
  })
})

it('a page that asks no frame leaves for no OP that is down either', async () => {
  // Its discovery document is at hand from before.
  const before = openTab()
  await until(() => session(before).status === 'anonymous')
  before.dispose()
  rememberSession()
  op.down = true
  const client = openTab({ renewal: { restore: ['top-level'] } })
  await until(() => session(client).status === 'anonymous')
  expect(session(client)).toMatchObject({ error: { code: 'network' } })
  expect(departures()).toEqual([])
})

it('a page does not leave for the OP while another tab is there to find out', async () => {
  rememberSession()
  page.frame = 'stay'
  const client = openTab({ timeLimit: 0.3 })
  await until(() => page.visited.length === 1)
  const other = new BroadcastChannel(`afresh:tabs:${op.issuer} payments`)
  other.postMessage({ type: 'leaving' })
  await until(() => session(client).status === 'anonymous')
  other.close()
  expect(session(client)).toMatchObject({ reason: 'timeout' })
  expect(departures()).toEqual([])
})

it('what a frame says in a page that may not leave does not mean that no person is signed in', async () => {
  const client = await openWhileDown()
  Object.assign(navigator.userActivation, { hasBeenActive: true })
  op.down = false
  window.dispatchEvent(new Event('online'))
  await until(() => JSON.stringify(session(client)).includes('timeout'))
  expect(session(client)).toMatchObject({ reason: 'timeout', error: { code: 'timeout' } })
  expect(departures()).toEqual([])
  void client.restore()
  await until(() => departures().length === 1)
})

it('an OP that is there but says nothing in a frame is asked again by the app only', async () => {
  page.frame = 'stay'
  const client = openTab({ timeLimit: 0.2 })
  await until(() => session(client).status === 'anonymous')
  expect(session(client)).toMatchObject({ reason: 'timeout' })
  for (const type of ['focus', 'online']) window.dispatchEvent(new Event(type))
  await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'timeout' })
  // A try that is under way would be waited for.
  await client.ready()
  expect(page.visited).toHaveLength(1)
  await client.restore()
  expect(page.visited).toHaveLength(2)
})

it('restore leaves for the OP also while a try is under way that must stay', async () => {
  const client = await openWhileDown()
  Object.assign(navigator.userActivation, { hasBeenActive: true })
  op.down = false
  page.frame = 'stay'
  window.dispatchEvent(new Event('online'))
  await until(() => page.openWindows === 1)
  // The next frame gets an answer.
  page.frame = { error: 'login_required' }
  void client.restore()
  await until(() => departures().length === 1)
})

describe('while it is found out who is signed in', () => {
  it.each<[string, (client: AuthClient) => Promise<unknown>]>([
    ['fetch', client => client.fetch('/reports')],
    ['getAccessToken', client => client.getAccessToken()],
    ['ready', client => client.ready()],
  ])('%s waits, also before the client is mounted', async (_, act) => {
    page.frame = { token: { access_token: 'found' } }
    const sent: (string | null)[] = []
    page.intercept = ({ url, headers }) => {
      if (!url.endsWith('/reports')) return undefined
      sent.push(headers.get('Authorization'))
      return new Response()
    }
    const client = createClient()
    await act(client)
    expect(session(client).status).toBe('authenticated')
    expect(sent.filter(text => text !== 'Bearer found')).toEqual([])
  })

  it('a request waits no longer than timeLimit, and goes without a token then', async () => {
    page.frame = 'stay'
    const client = createClient({ timeLimit: 0.3 })
    // A lock that no tab gives back keeps the restore from its end.
    void page.locks?.request(`afresh:restore:${op.issuer} payments`, {}, () => new Promise(() => {}))
    page.intercept = ({ url }) => (url.endsWith('/reports') ? new Response('public') : undefined)
    expect(await (await client.fetch('/reports')).text()).toBe('public')
    expect(session(client).status).toBe('initializing')
  })

  it('a request to another origin does not wait', async () => {
    page.frame = 'stay'
    const client = openTab()
    const response = await client.fetch(`${op.issuer}/resource`)
    expect(await response.json()).toMatchObject({ authorization: null })
    expect(session(client).status).toBe('initializing')
  })

  it('a request that is given up stops waiting', async () => {
    page.frame = 'stay'
    const client = openTab()
    const controller = new AbortController()
    const sending = client.fetch('/reports', { signal: controller.signal })
    controller.abort()
    await expect(sending).rejects.toMatchObject({ name: 'AbortError' })
  })
})

it('eight tabs at once ask the OP once', async () => {
  const tabs = Array.from({ length: 8 }, () => openTab())
  await until(() => tabs.every(tab => session(tab).status === 'anonymous'))
  expect(page.visited).toHaveLength(1)
})
