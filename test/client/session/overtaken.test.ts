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
  until,
} from '../../support/client.ts'
import { holdRequests } from '../../support/hold.ts'

setUpPage()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  page.frame = { error: 'login_required' }
})

const recordKey = (): string => `afresh:mark:${op.issuer} payments`

/** Another tab changes what this browser knows, and its news do not come. */
function changeUnheard(change: Partial<SessionRecord>): void {
  const { epoch, ...record } = sessionRecord()
  localStorage.setItem(recordKey(), JSON.stringify({ ...record, epoch: epoch + 1, closed: epoch, ...change }))
}

const signOutUnheard = (): void => changeUnheard({ person: null, status: 'closed' })

const heldTokens = () => holdRequests(({ url }) => url.endsWith('/token'))

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
    let isFirst = true
    const tokens = holdRequests(({ url }) => {
      const isHeld = isFirst && url.endsWith('/token')
      if (isHeld) isFirst = false
      return isHeld
    })
    const forJosh = client.getAccessToken()
    await until(() => tokens.count === 1)
    client.signOut().catch(() => {})
    page.popups.push({ claims: { sub: 'jane' }, token: { access_token: 'of Jane' } })
    await client.signIn()
    tokens.release()
    await expect(forJosh).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(await client.getAccessToken()).toBe('of Jane')
  })
})
