// @vitest-environment jsdom
import { handleCallback, handleFrontChannelLogout } from 'afresh/callback'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'

const open: BroadcastChannel[] = []
const heard = (name: string): Promise<unknown> =>
  new Promise(resolve => {
    const channel = new BroadcastChannel(name)
    open.push(channel)
    channel.onmessage = ({ data }) => resolve(data)
  })

beforeEach(() => {
  sessionStorage.clear()
  // jsdom would tear the page down under the next test.
  vi.spyOn(window, 'close').mockImplementation(() => {})
  // The page gives up waiting for an answer by leaving, which jsdom cannot.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  for (const channel of open.splice(0)) channel.close()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it.each([
  ['a fragment', '#code=c&state=s1', 'code=c&state=s1'],
  ['a query', '?code=c&state=s1', 'code=c&state=s1'],
  ['a query, with a fragment that is no response', '?code=c&state=s1#_=_', 'code=c&state=s1'],
  ['an error', '#error=login_required&state=s1', 'error=login_required&state=s1'],
])(
  'the callback page hands a response in %s to the tab that waits for its state, and clears the URL',
  async (_, suffix, params) => {
    history.replaceState(null, '', `/auth/callback.html${suffix}`)
    const answer = heard('afresh:s1')
    handleCallback()
    expect(location.href).toBe(`${location.origin}/auth/callback.html`)
    expect(await answer).toBe(`${params}&afresh_callback=%2Fauth%2Fcallback.html`)
  },
)

it('the callback page closes itself once it knows that the response has arrived', async () => {
  history.replaceState(null, '', '/auth/callback.html#code=c&state=s1')
  const waiting = new BroadcastChannel('afresh:s1')
  open.push(waiting)
  waiting.onmessage = () => waiting.postMessage(null)
  handleCallback()
  await vi.waitFor(() => expect(window.close).toHaveBeenCalled())
})

it.each(['opener', 'parent'] as const)(
  'the callback page sends the response to its %s too, for that page’s own origin only, and closes itself once it knows that it has arrived',
  async asker => {
    history.replaceState(null, '', '/auth/callback.html#code=c&state=s1')
    const page = document.body.appendChild(document.createElement('iframe')).contentWindow as Window
    const post = vi.spyOn(page, 'postMessage').mockImplementation(() => {})
    vi.stubGlobal(asker, page)
    handleCallback()
    expect(post.mock.calls).toEqual([
      [{ afresh_response: 'code=c&state=s1&afresh_callback=%2Fauth%2Fcallback.html' }, location.origin],
    ])
    dispatchEvent(new MessageEvent('message', { data: null, source: window }))
    expect(window.close).not.toHaveBeenCalled()
    dispatchEvent(new MessageEvent('message', { data: null, source: page }))
    expect(window.close).toHaveBeenCalled()
    vi.unstubAllGlobals()
  },
)

it('the callback page puts the response of a redirect aside, unread, for the page that the tab left', () => {
  sessionStorage.setItem('afresh:tx:s1', JSON.stringify({ returnTo: `${location.origin}/payments` }))
  history.replaceState(null, '', '/auth/callback.html#code=c&state=s1')
  // jsdom says that it cannot navigate; a browser test sees where it goes.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  handleCallback()
  expect(JSON.parse(sessionStorage.getItem('afresh:tx:s1') ?? '')).toEqual({
    returnTo: `${location.origin}/payments`,
    params: 'code=c&state=s1&afresh_callback=%2Fauth%2Fcallback.html',
  })
  expect(location.href).not.toContain('code')
})

it('the callback page does not keep a response that no departure of this tab waits for', () => {
  sessionStorage.setItem('afresh:tx:s1', JSON.stringify({ returnTo: `${location.origin}/payments` }))
  history.replaceState(null, '', '/auth/callback.html#code=stolen&state=made-up')
  handleCallback()
  expect(Object.keys({ ...sessionStorage })).toEqual(['afresh:tx:s1'])
})

describe('a person who sees the callback page', () => {
  const leave = (state: string, departure: object): void =>
    sessionStorage.setItem(`afresh:tx:${state}`, JSON.stringify(departure))
  /** Where the page goes. */
  let went: string[]
  let warn: MockInstance<typeof console.warn>
  const show = (response: string): void => {
    vi.stubGlobal('location', {
      hash: `#${response}`,
      search: '',
      pathname: '/auth/callback.html',
      origin: 'https://app.example',
      replace: (url: URL | string) => went.push(`${url}`),
    })
    handleCallback('/home')
  }
  beforeEach(() => {
    went = []
    warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    document.body.innerHTML = '<p>One moment</p>'
  })
  afterEach(() => vi.unstubAllGlobals())

  it('reads at once what to do, and nothing of the response', () => {
    show('code=c&state=s1')
    expect(document.body.textContent).toBe(
      'You can close this window and go on where you started. Open the app',
    )
    expect(document.querySelector('a')?.getAttribute('href')).toBe('/home')
    expect(went).toEqual([])
  })

  it('is taken to the app when no page has taken the response in three seconds', () => {
    show('code=c&state=s1')
    vi.advanceTimersByTime(2999)
    expect(went).toEqual([])
    vi.advanceTimersByTime(1)
    expect(window.close).toHaveBeenCalled()
    expect(went).toEqual(['/home'])
  })

  it('stays in a tab that cannot be closed once the response has arrived, as of a link in a mail', async () => {
    const waiting = new BroadcastChannel('afresh:s1')
    open.push(waiting)
    waiting.onmessage = () => waiting.postMessage(null)
    show('code=c&state=s1')
    await vi.waitFor(() => expect(window.close).toHaveBeenCalled())
    vi.advanceTimersByTime(10_000)
    expect(went).toEqual([])
  })

  it('goes at once where the tab went before, when Back leads over the OP to the same response', () => {
    const returnTo = 'https://app.example/payments'
    leave('s1', { returnTo, transaction: { state: 's1' } })
    show('code=c&state=s1')
    sessionStorage.removeItem('afresh:tx:s1')
    show('code=d&state=s1')
    expect(went).toEqual([returnTo, returnTo])
    show('code=d&state=s2')
    expect(went).toHaveLength(2)
  })

  it('leaves nothing in the tab that says where it was, once it comes back from a sign-out', () => {
    leave('s1', { returnTo: 'https://app.example/payments', transaction: { state: 's1' } })
    show('code=c&state=s1')
    leave('s2', { returnTo: 'https://app.example/', transaction: null })
    show('state=s2')
    expect(sessionStorage.getItem('afresh:returned')).toBeNull()
    expect(went).toHaveLength(2)
  })

  it('goes back after a sign-out whose OP gives no state back, once', () => {
    leave('sign-out', { returnTo: 'https://app.example/bye', transaction: null })
    show('')
    expect(went).toEqual(['https://app.example/bye'])
    show('')
    expect(went).toHaveLength(1)
    vi.advanceTimersByTime(3000)
    expect(went).toEqual(['https://app.example/bye', '/home'])
  })

  it('does not go anywhere at once without a response and without such a sign-out', () => {
    leave('s1', { returnTo: 'https://app.example/payments', transaction: { state: 's1' } })
    leave('s2', { returnTo: 'https://app.example/bye', transaction: null })
    show('')
    expect(went).toEqual([])
  })

  it('is the developer where the page was opened by itself: the console says which callbackUrl leads to it', () => {
    show('')
    expect(warn.mock.calls.flat()).toEqual([
      expect.stringMatching(
        /`callbackUrl: '\/auth\/callback\.html'`.* https:\/\/app\.example\/auth\/callback\.html /,
      ),
    ])
    leave('sign-out', { returnTo: 'https://app.example/bye', transaction: null })
    show('')
    show('code=c&state=s1')
    expect(warn).toHaveBeenCalledOnce()
  })

  it('does not go to where a sign-out left when a response comes', () => {
    leave('sign-out', { returnTo: 'https://app.example/bye', transaction: null })
    show('code=c&state=s1')
    expect(went).toEqual([])
  })

  it('in a frame reads nothing, because it is hidden', () => {
    vi.stubGlobal('top', null)
    show('code=c&state=s1')
    expect(document.body.textContent).toBe('One moment')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('where the browser gives the callback page no storage or no channel', () => {
  const refuse = (): never => {
    throw new DOMException('no', 'SecurityError')
  }
  /** The popup's opener, which waits for the response. */
  function askFrom(): { post: ReturnType<typeof vi.spyOn> } {
    const page = document.body.appendChild(document.createElement('iframe')).contentWindow as Window
    vi.stubGlobal('opener', page)
    return { post: vi.spyOn(page, 'postMessage').mockImplementation(() => {}) }
  }
  afterEach(() => vi.unstubAllGlobals())

  it.each<[string, () => void]>([
    ['sessionStorage is forbidden', () => vi.stubGlobal('sessionStorage', { getItem: refuse })],
    ['sessionStorage is missing', () => vi.stubGlobal('sessionStorage', undefined)],
    ['another script left no JSON', () => sessionStorage.setItem('afresh:tx:s1', '{')],
    ['BroadcastChannel is missing', () => vi.stubGlobal('BroadcastChannel', undefined)],
    ['BroadcastChannel is forbidden', () => vi.stubGlobal('BroadcastChannel', refuse)],
  ])('the response reaches the opener when %s', (_, limit) => {
    const { post } = askFrom()
    limit()
    history.replaceState(null, '', '/auth/callback.html#code=c&state=s1')
    handleCallback()
    expect(post).toHaveBeenCalledOnce()
  })

  it('a front-channel logout that can tell no tab throws nothing', () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    expect(handleFrontChannelLogout).not.toThrow()
  })
})

it.each([
  ['https://evil.example/', '/home'],
  ['//evil.example', '/home'],
  ['javascript:alert(1)', '/home'],
  ['https://app.example/payments', 'https://app.example/payments'],
  ['https://', '/home'],
])('open redirect by returnTo: a departure with returnTo %s leads to %s', (returnTo, to) => {
  const went: string[] = []
  vi.stubGlobal('location', {
    hash: '#code=c&state=s1',
    search: '',
    pathname: '/auth/callback.html',
    origin: 'https://app.example',
    replace: (url: URL | string) => went.push(String(url)),
  })
  sessionStorage.setItem('afresh:tx:s1', JSON.stringify({ returnTo }))
  handleCallback('/home')
  vi.unstubAllGlobals()
  expect(went).toEqual([to])
})

it.each(['https://evil.example/', '//evil.example', 'javascript:alert(1)'])(
  'open redirect by returnTo: a sign-out without state and with returnTo %s leads home',
  returnTo => {
    const went: string[] = []
    vi.stubGlobal('location', {
      hash: '',
      search: '',
      pathname: '/auth/callback.html',
      origin: 'https://app.example',
      replace: (url: URL | string) => went.push(String(url)),
    })
    sessionStorage.setItem('afresh:tx:sign-out', JSON.stringify({ returnTo, transaction: null }))
    handleCallback('/home')
    vi.unstubAllGlobals()
    expect(went).toEqual(['/home'])
  },
)

it('the callback page tells the tabs of a front-channel logout, and they check it', async () => {
  history.replaceState(null, '', '/auth/logout.html?iss=https%3A%2F%2Fop.example&sid=one')
  const told = heard('afresh:logout')
  handleFrontChannelLogout()
  expect(await told).toEqual({ iss: 'https://op.example', sid: 'one' })
})
