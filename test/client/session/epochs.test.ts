// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  answer,
  type ClientOptions,
  createClient,
  departures,
  op,
  openTab,
  page,
  prompt,
  prompted,
  session,
  sessionRecord,
  setUpPage,
  until,
} from '../../support/client.ts'

setUpPage()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

async function signedIn(options: ClientOptions = {}): Promise<AuthClient> {
  const client = openTab(options)
  await until(() => session(client).status === 'anonymous')
  page.popups.push({ token: { refresh_token: 'rt' } })
  await client.signIn()
  await until(() => sessionRecord().person !== null)
  return client
}

/** What a tab keeps while it is away on another site: its page is gone, its sessionStorage is not. */
async function leave(client: AuthClient): Promise<readonly [string, string][]> {
  const kept = Object.entries<string>({ ...sessionStorage })
  client.dispose()
  sessionStorage.clear()
  // What the former page does when it is disposed of is not what a page does that is gone.
  await until(() => page.openWindows === 0)
  return kept
}

function comeBack(kept: readonly [string, string][], options: ClientOptions): AuthClient {
  sessionStorage.clear()
  for (const [key, value] of kept) sessionStorage.setItem(key, value)
  return openTab(options)
}

describe('a tab with storage session that was away on another site', () => {
  const options: ClientOptions = { storage: 'session', renewal: { restore: ['tabs', 'iframe'] } }

  it('has its session again', async () => {
    const kept = await leave(await signedIn(options))
    const back = comeBack(kept, options)
    await until(() => session(back).status === 'authenticated')
    expect(session(back)).toMatchObject({ account: { sub: 'josh' } })
  })

  it('shows no person who has signed out in another tab, and keeps no token of theirs', async () => {
    const first = await signedIn(options)
    const kept = await leave(first)
    const other = openTab({ ...options, storage: 'memory' })
    await until(() => session(other).status !== 'initializing')
    await other.signOut().catch(() => {})
    const back = comeBack(kept, options)
    await until(() => session(back).status === 'anonymous')
    expect(JSON.stringify({ ...sessionStorage })).not.toContain('accessToken')
  })

  it('does not go on as the former person when another has signed in', async () => {
    const kept = await leave(await signedIn(options))
    const other = createClient({ ...options, storage: 'memory' })
    const close = other.mount()
    await until(() => session(other).status !== 'initializing')
    await other.signOut().catch(() => {})
    page.popups.push({ claims: { sub: 'jane' } })
    await other.signIn()
    await until(() => sessionRecord().person !== null)
    close()
    page.frame = { claims: { sub: 'jane' } }
    const back = comeBack(kept, options)
    await until(() => session(back).status === 'authenticated')
    expect(session(back)).toMatchObject({ account: { sub: 'jane' } })
    expect(prompt(back)).toBeNull()
  })
})

describe('a sign-out that another sign-in overtakes', () => {
  it('does not leave for the OP, where it would end the new person’s session', async () => {
    op.metadata = {
      end_session_endpoint: `${op.issuer}/end`,
      revocation_endpoint: `${op.issuer}/revoke`,
    }
    const client = await signedIn()
    let revoke = (): void => {}
    const revoking = new Promise<void>(resolve => {
      revoke = resolve
    })
    const network = page.fetch
    page.fetch = async (input, init) => {
      const request = new Request(input, init)
      if (request.url.endsWith('/revoke')) await revoking
      return network(request)
    }
    const signingOut = client.signOut()
    page.popups.push({ claims: { sub: 'jane' } })
    await client.signIn()
    revoke()
    await signingOut
    expect(departures()).toEqual([])
    expect(session(client)).toMatchObject({ status: 'authenticated', account: { sub: 'jane' } })
  })
})

it('news of a renewal that are on their way while this tab signs out bring no session back', async () => {
  const client = await signedIn()
  const other = openTab()
  await until(() => session(other).status === 'authenticated')
  const tokens = await new Promise<unknown>(resolve => {
    const channel = new BroadcastChannel(`afresh:tabs:${op.issuer} payments`)
    channel.onmessage = ({ data }) => {
      if (data.type !== 'session') return
      channel.close()
      resolve(data.tokens)
    }
    void other.renew()
  })
  await client.signOut().catch(() => {})
  const late = new BroadcastChannel(`afresh:tabs:${op.issuer} payments`)
  late.postMessage({ type: 'session', tokens })
  late.postMessage({ type: 'ask', id: 'x' })
  // Its answer shows that the news have been heard.
  await new Promise<void>(resolve => {
    late.onmessage = ({ data }) => data.type === 'answer' && resolve()
  })
  late.close()
  expect(session(client)).toEqual({ status: 'anonymous', reason: 'signed_out' })
})

describe('another person, whom a reload finds at the OP', () => {
  const reloaded = async (): Promise<AuthClient> => {
    const kept = await leave(await signedIn())
    page.frame = { claims: { sub: 'jane' }, token: { access_token: 'jane’s' } }
    return comeBack(kept, {})
  }

  it('does not take the place of the person whom this tab showed without a question', async () => {
    const client = await reloaded()
    await prompted(client, 'account_changed')
    expect(prompt(client)).toMatchObject({ from: { sub: 'josh' }, to: { sub: 'jane' } })
    expect(session(client)).toMatchObject({ status: 'anonymous', reason: 'account_mismatch' })
    const sent = page.requests.length
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'account_mismatch' })
    await expect(client.fetch('/reports')).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(page.requests).toHaveLength(sent)
    answer(client, 'continue')
    await until(() => session(client).status === 'authenticated')
    expect(await client.getAccessToken()).toBe('jane’s')
  })

  it('stays away when the person wants to go back', async () => {
    const client = await reloaded()
    await prompted(client, 'account_changed')
    page.popups.push({ claims: { sub: 'josh' } })
    answer(client, 'switch')
    await until(() => session(client).status === 'authenticated')
    expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
    expect(prompt(client)).toBeNull()
  })
})

it('the clock put back after the sign-in does not make a tab use a spent refresh token', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_000_000 })
  const client = await signedIn()
  const other = openTab()
  await until(() => session(other).status === 'authenticated')
  vi.setSystemTime(Date.now() - 3_000_000)
  op.refreshAnswer = { token: { refresh_token: 'rt2', access_token: 'at2' } }
  await client.renew()
  await vi.waitFor(async () => expect(await other.getAccessToken()).toBe('at2'))
  await other.renew()
  expect(op.forms.at(-1)?.get('refresh_token')).toBe('rt2')
})

it('a session that the OP tells of while the person signs out in another tab is not shown', async () => {
  page.frame = {}
  let answer = (): void => {}
  const answering = new Promise<void>(resolve => {
    answer = resolve
  })
  const network = page.fetch
  const asked: string[] = []
  page.fetch = async (input, init) => {
    const request = new Request(input, init)
    asked.push(new URL(request.url).pathname)
    if (request.url.endsWith('/token')) await answering
    return network(request)
  }
  const client = openTab()
  await until(() => asked.includes('/token'))
  const key = `afresh:mark:${op.issuer} payments`
  const { epoch, ...others } = sessionRecord()
  const signedOut = { ...others, epoch: epoch + 1, closed: epoch, status: 'closed' }
  localStorage.setItem(key, JSON.stringify(signedOut))
  dispatchEvent(new StorageEvent('storage', { key }))
  answer()
  await client.ready()
  expect(session(client)).toEqual({ status: 'anonymous', reason: 'signed_out' })
})
