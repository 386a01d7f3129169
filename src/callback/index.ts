/**
 * The whole script of the page that the OP redirects back to (`/auth/callback.html`). It takes the response out of the
 * URL at once and hands it on unread: to the page that waits for it, or, after a full-page redirect, to the page that
 * the tab came from. It redeems nothing and keeps nothing. A response that no page waits for is dropped.
 *
 * @param home where to go when no tab waits; a path of this origin. Default: `/`
 */
export function handleCallback(home = '/'): void {
  const isResponse = (text: string): boolean => /(^|&)(state|error)=/.test(text)
  const response = [location.hash.slice(1), location.search.slice(1)].find(isResponse)
  // The path goes with it: an answer that was meant for another client's page is not accepted.
  const params = response ? `${response}&afresh_callback=${encodeURIComponent(location.pathname)}` : ''
  history.replaceState(null, '', location.pathname)
  const state = new URLSearchParams(params).get('state')
  const returnTo = putAside(`afresh:tx:${state}`, params)
  if (returnTo !== null) {
    location.replace(attempt(() => ownUrl(returnTo)) ?? home)
    return
  }
  handOver(state, params)
  if (window === window.top) {
    setTimeout(() => {
      window.close()
      location.replace(home)
    }, 3000)
  }
}

/**
 * Keeps a response with the redirect that it answers, so that of several clients on a page only the one that left can
 * take it. Where storage is full it keeps an empty one, and the page that comes back says so.
 *
 * @returns where that page is, or null when no redirect of this tab waits for this response
 */
function putAside(key: string, params: string): string | null {
  const departure = attempt(() => JSON.parse(sessionStorage.getItem(key) ?? 'null'))
  if (!departure) return null
  const { transaction } = departure
  const keep = (params: string): boolean | undefined =>
    attempt(() => {
      // Its URL has done its work. Without it there is room for an empty response even where storage is full.
      const rest = { ...departure, transaction: transaction && { ...transaction, url: '' }, params }
      sessionStorage.setItem(key, JSON.stringify(rest))
      return true
    })
  keep(params) ?? keep('')
  return `${departure.returnTo}`
}

/** @throws {TypeError} for a URL of another origin */
function ownUrl(text: string): URL {
  const url = new URL(text, location.origin)
  if (url.origin !== location.origin) throw new TypeError('Another origin')
  return url
}

/** Undefined when it throws, as storage and channels do where the browser forbids them or has none. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/**
 * Hands a response to the page that waits for it: over a channel, which needs no tie to that page, and by a message to
 * the page that opened or framed this one, which needs no storage in common. The window closes once one of them has
 * arrived: to close before could lose it.
 */
function handOver(state: string | null, params: string): void {
  const asker: Window = window.opener ?? window.parent
  if (asker !== window) {
    addEventListener('message', ({ source }) => {
      if (source === asker) window.close()
    })
    asker.postMessage({ afresh_response: params }, location.origin)
  }
  attempt(() => {
    const channel = new BroadcastChannel(`afresh:${state}`)
    channel.onmessage = () => window.close()
    channel.postMessage(params)
  })
}

/**
 * The whole script of a page that may be registered as `frontchannel_logout_uri`: the OP frames it when the person
 * signs out there, and it tells the app's tabs, which check `iss` and `sid`. In browsers that keep the storage of
 * framed sites apart it reaches no tab, so nothing may depend on it.
 *
 * @see OpenID Connect Front-Channel Logout 1.0 §2
 */
export function handleFrontChannelLogout(): void {
  const query = new URLSearchParams(location.search)
  attempt(() => {
    new BroadcastChannel('afresh:logout').postMessage({ iss: query.get('iss'), sid: query.get('sid') })
  })
}
