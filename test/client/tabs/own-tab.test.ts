// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it } from 'vitest'
import { op, openTab as openUsualTab, page, session, setUpPage, until } from '../../support/client.ts'

setUpPage()
beforeEach(() => {
  op.refreshAnswer = { token: { refresh_token: 'rt2' } }
  page.frame = { token: { access_token: 'framed' } }
})

/** A tab on its own that keeps its session over a reload. */
const openTab = (): AuthClient => openUsualTab({ storage: 'session', tabs: 'isolated' })

const authenticated = (client: AuthClient): Promise<void> =>
  until(() => session(client).status === 'authenticated')
const stored = (): [string, string][] => Object.entries({ ...sessionStorage })
const refreshTokens = (): (string | null)[] =>
  op.forms.filter(form => form.get('grant_type') === 'refresh_token').map(form => form.get('refresh_token'))

/** What a tab's sessionStorage holds when the tab is duplicated, or loaded again. */
function store(entries: readonly [string, string][]): void {
  sessionStorage.clear()
  for (const [key, value] of entries) sessionStorage.setItem(key, value)
}

async function signedInTab(): Promise<AuthClient> {
  page.frame = { error: 'login_required' }
  const client = openTab()
  await until(() => session(client).status === 'anonymous')
  page.frame = { token: { access_token: 'framed' } }
  page.popups.push({ token: { refresh_token: 'rt' } })
  await client.signIn()
  await until(() => stored().some(([key]) => key.endsWith(':tab')))
  return client
}

describe('the refresh token of an isolated tab with storage: session', () => {
  it('is there after a reload', async () => {
    const before = await signedInTab()
    const entries = stored()
    before.dispose()
    store(entries)
    const reloaded = openTab()
    await authenticated(reloaded)
    await reloaded.renew()
    expect(refreshTokens()).toEqual(['rt'])
  })

  it('is not used after a reload in a browser that throws at locks, and the session is there', async () => {
    const before = await signedInTab()
    const entries = stored()
    before.dispose()
    store(entries)
    const refuse = (): never => {
      throw new DOMException('Refused', 'SecurityError')
    }
    page.locks = { request: refuse, query: refuse }
    const reloaded = openTab()
    await authenticated(reloaded)
    await reloaded.renew()
    expect(refreshTokens()).toEqual([])
  })

  it('is there after a reload even if the former page lets go late', async () => {
    const before = await signedInTab()
    const entries = stored()
    const reloaded = openTab()
    before.dispose()
    store(entries)
    await authenticated(reloaded)
    await reloaded.renew()
    expect(refreshTokens()).toEqual(['rt'])
  })

  it('stays with the tab that was duplicated, while the copy has the session and renews it in a frame', async () => {
    const original = await signedInTab()
    const entries = stored()
    await original.renew()
    const ofOriginal = stored()
    store(entries)
    const copy = openTab()
    await authenticated(copy)
    expect(await copy.getAccessToken()).toBe('at')
    expect(JSON.stringify(stored())).not.toContain('"refreshToken"')
    await copy.renew()
    expect(await copy.getAccessToken()).toBe('framed')
    store(ofOriginal)
    await original.renew()
    expect(refreshTokens()).toEqual(['rt', 'rt2'])
  })

  it('is there after the copy’s reload once the copy has signed in by itself', async () => {
    await signedInTab()
    store(stored())
    const copy = openTab()
    await authenticated(copy)
    page.frame = { token: { refresh_token: 'own' } }
    await copy.renew()
    const entries = stored()
    copy.dispose()
    store(entries)
    const reloaded = openTab()
    await authenticated(reloaded)
    await reloaded.renew()
    expect(refreshTokens()).toEqual(['own'])
  })

  it('is not used after a reload in a browser without Web Locks, which cannot tell a copy', async () => {
    Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })
    page.frame = { error: 'login_required' }
    const before = openTab()
    await until(() => session(before).status === 'anonymous')
    page.popups.push({ token: { refresh_token: 'rt' } })
    await before.signIn()
    const entries = stored()
    before.dispose()
    store(entries)
    page.frame = { token: { access_token: 'framed' } }
    const reloaded = openTab()
    await authenticated(reloaded)
    await reloaded.renew()
    expect(await reloaded.getAccessToken()).toBe('framed')
    expect(refreshTokens()).toEqual([])
  })
})
