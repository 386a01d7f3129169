// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { handleCallback } from '../../src/callback/index.ts'
import type { Transaction } from '../../src/core/tokens.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { type Departure, leaveForOp, takeRedirectResponse } from '../../src/op/redirects.ts'

const [issuer, clientId] = ['https://op.example', 'payments']
const departure: Departure<string> = {
  issuer,
  clientId,
  returnTo: `${location.origin}/`,
  transaction: {
    state: 's1',
    // The callback page drops it.
    url: '',
    nonce: 'n',
    startedAt: 1,
    codeVerifier: 'the-verifier',
  },
  purpose: 'test',
}
/** What this tab keeps, but for where the callback page last sent it. */
const stored = (): string => {
  const { 'afresh:returned': _, ...others } = { ...sessionStorage }
  return Object.values<string>(others).join()
}
/** Leaves; `over` says whether the page has turned out to stay. */
function leave(state = 's1', other: Partial<Departure<string>> = {}): { over: boolean } {
  const left = { over: false }
  void leaveForOp(
    pageBrowser,
    state,
    `${issuer}/authorize`,
    { ...departure, ...other },
    pageBrowser.page.assign,
  ).then(() => {
    left.over = true
  })
  return left
}
/** The OP sends the person back to the callback page. @returns what that hands on */
function comeBack(response: string): string {
  history.replaceState(null, '', `/auth/callback.html#${response}`)
  handleCallback()
  return `${response}&afresh_callback=%2Fauth%2Fcallback.html`
}
/** From now on this tab's storage has room for nothing more than it holds. */
function fillStorage(): void {
  const quota = stored().length
  const { setItem } = Storage.prototype
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(function (this: Storage, key, text) {
    const others = stored().length - (this.getItem(key)?.length ?? 0)
    if (others + text.length > quota) throw new DOMException('full', 'QuotaExceededError')
    setItem.call(this, key, text)
  })
}
async function show(persisted: boolean): Promise<void> {
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
  await vi.advanceTimersByTimeAsync(0)
}

beforeEach(() => {
  sessionStorage.clear()
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  await show(true)
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('a redirect', () => {
  it('keeps its verifier in this tab until the way back, and there once', () => {
    leave()
    expect(stored()).toContain('the-verifier')
    const params = comeBack('code=c&state=s1')
    expect(takeRedirectResponse(pageBrowser, issuer, clientId)).toEqual({ departure, params })
    expect(stored()).toBe('')
    expect(takeRedirectResponse(pageBrowser, issuer, clientId)).toBeNull()
  })

  it.each([
    ['another issuer', 'https://other.example', clientId],
    ['the same issuer', issuer, 'statements'],
  ])('comes back to the client that left, after a client of %s has looked', (_, ...other) => {
    leave()
    const params = comeBack('code=c&state=s1')
    expect(takeRedirectResponse(pageBrowser, ...other)).toBeNull()
    expect(takeRedirectResponse(pageBrowser, issuer, clientId)).toEqual({ departure, params })
  })

  it('that was given up takes no answer to another client’s', () => {
    leave('s1')
    leave('s2', { clientId: 'statements' })
    const params = comeBack('code=c&state=s2')
    expect(takeRedirectResponse(pageBrowser, issuer, clientId)).toBeNull()
    expect(takeRedirectResponse(pageBrowser, issuer, 'statements')).toMatchObject({ params })
    expect(stored()).toBe('')
  })

  it('comes back to the client that left from a callback page of 0.1 too', () => {
    leave()
    sessionStorage.setItem('afresh:response', JSON.stringify('code=c&state=s1'))
    expect(takeRedirectResponse(pageBrowser, issuer, 'statements')).toBeNull()
    expect(takeRedirectResponse(pageBrowser, issuer, clientId)).toEqual({
      departure,
      params: 'code=c&state=s1',
    })
    expect(stored()).toBe('')
  })

  it('whose response finds no room comes back all the same, with an empty response, and leaves no verifier', () => {
    const transaction = {
      ...(departure.transaction as Transaction),
      url: `${issuer}/authorize?client_id=payments`,
    }
    leave('s1', { transaction })
    fillStorage()
    comeBack('code=c&state=s1')
    expect(takeRedirectResponse(pageBrowser, issuer, clientId)).toEqual({ departure, params: '' })
    expect(stored()).toBe('')
    expect(sessionStorage.getItem('afresh:returned')).toBeNull()
  })

  it('whose page is shown again as the browser had kept it leaves no verifier behind', async () => {
    const left = leave()
    await show(true)
    expect(left.over).toBe(true)
    expect(stored()).toBe('')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('takes only its own verifier with it', async () => {
    leave()
    sessionStorage.setItem('afresh:tx:other', '"of another client"')
    await show(true)
    expect(stored()).toBe('"of another client"')
  })

  it('that begins while the page is being loaded is not given up by the page’s being shown', async () => {
    const left = leave()
    await show(false)
    expect(left.over).toBe(false)
    expect(stored()).toContain('the-verifier')
  })

  it('that the page has not left for in a minute is given up', async () => {
    const left = leave()
    await vi.advanceTimersByTimeAsync(59_999)
    expect(left.over).toBe(false)
    expect(stored()).toContain('the-verifier')
    await vi.advanceTimersByTimeAsync(1)
    expect(left.over).toBe(true)
    expect(stored()).toBe('')
  })
})
