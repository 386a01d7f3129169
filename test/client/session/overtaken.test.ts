// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { SessionRecord } from '../../../src/client/session/session-record.ts'
import {
  departures,
  op,
  openTab,
  page,
  rememberSession,
  session,
  sessionRecord,
  setUpPage,
  unload,
  until,
} from '../../support/client.ts'
import { type HeldRequests, holdRequests } from '../../support/hold.ts'

setUpPage()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  page.frame = { error: 'login_required' }
  return () => {
    op.down = false
  }
})

const recordKey = (): string => `afresh:mark:${op.issuer} payments`

/** Another tab changes what this browser knows, and its news do not come. */
function changeUnheard(change: Partial<SessionRecord>): void {
  const { epoch, ...record } = sessionRecord()
  localStorage.setItem(recordKey(), JSON.stringify({ ...record, epoch: epoch + 1, closed: epoch, ...change }))
}

const refused = { raw: { status: 400, type: 'application/json', body: '{"error":"invalid_grant"}' } }

const signOutUnheard = (): void => changeUnheard({ person: null, status: 'closed' })

const heldTokens = () => holdRequests(({ url }) => url.endsWith('/token'))

function holdFirstToken(): HeldRequests {
  let isFirst = true
  return holdRequests(({ url }) => {
    const isHeld = isFirst && url.endsWith('/token')
    if (isHeld) isFirst = false
    return isHeld
  })
}

async function signedIn(expiresIn = 300): Promise<AuthClient> {
  const client = openTab()
  await until(() => session(client).status === 'anonymous')
  page.popups.push({ token: { refresh_token: 'rt', access_token: 'of Josh', expires_in: expiresIn } })
  await client.signIn()
  await until(() => sessionRecord().person !== null)
  return client
}

describe('a restore that is under way', () => {
  it.each<[string, () => void]>([
    [
      'of which this tab hears',
      () => window.dispatchEvent(new StorageEvent('storage', { key: recordKey() })),
    ],
    ['of which this tab hears nothing', () => {}],
  ])('does not undo a sign-out in another tab, %s', async (_, hear) => {
    rememberSession()
    page.frame = { token: { access_token: 'of Josh' } }
    const tokens = heldTokens()
    const client = openTab()
    await until(() => tokens.count === 1)
    signOutUnheard()
    hear()
    tokens.release()
    await until(() => session(client).status !== 'initializing')
    expect(session(client)).toEqual({ status: 'anonymous', reason: 'signed_out' })
    expect(sessionRecord().status).toBe('closed')
  })

  it('goes on when a sign-in that came between is given up', async () => {
    page.frame = {}
    const tokens = heldTokens()
    const client = openTab()
    await until(() => tokens.count === 1)
    page.popups.push('stay')
    const controller = new AbortController()
    const signingIn = client.signIn({ signal: controller.signal })
    tokens.release()
    // The frame is gone, and the popup is there.
    await until(() => page.openWindows === 1)
    await client.ready()
    controller.abort()
    await expect(signingIn).rejects.toMatchObject({ code: 'interaction_cancelled' })
    await until(() => session(client).status === 'authenticated')
  })

  it('does not leave the page once the person has begun to sign in', async () => {
    rememberSession()
    const discovery = holdRequests(({ url }) => url.includes('/.well-known/'))
    const client = openTab({ renewal: { restore: ['top-level'] } })
    await until(() => discovery.count === 1)
    page.popups.push('stay')
    client.signIn().catch(() => {})
    discovery.release()
    await client.ready()
    await until(() => session(client).status === 'anonymous')
    expect(departures()).toEqual([])
  })
})

it('a request of a page that was away waits for the session that its browser has now', async () => {
  const client = await signedIn()
  const sent: (string | null)[] = []
  page.intercept = ({ url, headers }) => {
    if (!url.endsWith('/reports')) return undefined
    sent.push(headers.get('Authorization'))
    return new Response()
  }
  // Josh has signed out, and Jane in.
  changeUnheard({ person: 'Jane', status: 'session' })
  page.frame = { claims: { sub: 'jane' }, token: { access_token: 'of Jane' } }
  await client.fetch('/reports')
  expect(sent).toEqual(['Bearer of Jane'])
})

describe('a page that comes back from the OP, where it was', () => {
  /** The page is gone, and what it kept is given the OP's answer. */
  function comeBack(client: AuthClient, answer: (url: string) => string): AuthClient {
    const [key, text] = departures()[0] ?? ['', '{}']
    client.dispose()
    const departure = JSON.parse(text)
    const params = answer(departure.transaction?.url ?? '')
    sessionStorage.setItem(key, JSON.stringify({ ...departure, params }))
    return openTab({ timeLimit: 1 })
  }

  async function leftToRestore(): Promise<AuthClient> {
    rememberSession()
    const client = openTab({ renewal: { restore: ['top-level'] } })
    await until(() => departures().length === 1)
    return client
  }

  it('is no tab of this browser any more once it is disposed of, also while it is leaving', async () => {
    const client = await leftToRestore()
    await expect(unload(client)).resolves.toBeUndefined()
  })

  it('to find the session, does not bring back a person who has signed out in another tab', async () => {
    const client = await leftToRestore()
    const back = comeBack(client, url => {
      signOutUnheard()
      return op.authorize(url)
    })
    await until(() => session(back).status !== 'initializing')
    expect(session(back)).toEqual({ status: 'anonymous', reason: 'signed_out' })
  })

  it('to find the session, still does not know it when the OP cannot be reached then', async () => {
    const client = await leftToRestore()
    op.down = true
    const back = comeBack(client, url => op.authorize(url))
    await until(() => session(back).status === 'anonymous')
    op.down = false
    expect(session(back)).toMatchObject({ reason: 'failed', error: { code: 'network' } })
    expect(sessionRecord().status).toBe('session')
    page.frame = {}
    await back.restore()
    expect(session(back).status).toBe('authenticated')
  })

  it('to sign out, has the session of a person who has signed in in another tab since', async () => {
    op.metadata = { end_session_endpoint: `${op.issuer}/end` }
    const client = await signedIn()
    client.signOut().catch(() => {})
    await until(() => departures().length === 1)
    page.frame = { claims: { sub: 'jane' } }
    const back = comeBack(client, () => {
      changeUnheard({ person: 'Jane', status: 'session' })
      return ''
    })
    await until(() => session(back).status !== 'initializing')
    expect(session(back)).toMatchObject({ status: 'authenticated', account: { sub: 'jane' } })
  })
})

describe('a renewal', () => {
  it('does not bring back a session that has ended in another tab, of which this tab hears nothing', async () => {
    const client = await signedIn()
    const tokens = heldTokens()
    const renewing = client.renew()
    await until(() => tokens.count === 1)
    signOutUnheard()
    tokens.release()
    await renewing
    expect(sessionRecord().status).toBe('closed')
    expect(session(client).status).not.toBe('authenticated')
  })

  it('by the clock sends no refresh token of such a session', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    const client = await signedIn(60)
    signOutUnheard()
    const sent = op.forms.length
    await vi.advanceTimersByTimeAsync(60_000)
    await until(() => session(client).status === 'anonymous')
    expect(op.forms.slice(sent)).toEqual([])
  })

  it('that one person’s caller waits for gives no token of the next person', async () => {
    const client = await signedIn(20)
    const tokens = holdFirstToken()
    const forJosh = client.getAccessToken()
    await until(() => tokens.count === 1)
    client.signOut().catch(() => {})
    page.popups.push({ claims: { sub: 'jane' }, token: { access_token: 'of Jane' } })
    await client.signIn()
    tokens.release()
    await expect(forJosh).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(await client.getAccessToken()).toBe('of Jane')
  })

  it('that is refused after the person has changed asks the next person nothing', async () => {
    const client = await signedIn(20)
    const tokens = holdFirstToken()
    const forJosh = client.getAccessToken()
    await until(() => tokens.count === 1)
    client.signOut().catch(() => {})
    page.popups.push({ claims: { sub: 'jane' }, token: { access_token: 'of Jane' } })
    await client.signIn()
    op.refreshAnswer = refused
    tokens.release()
    await expect(forJosh).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(client.store.getState().interactions).toEqual([])
  })
})
