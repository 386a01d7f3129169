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
  const key = `afresh:tx:${state}`
  const kept = sessionStorage.getItem(key)
  if (kept) {
    const departure = JSON.parse(kept)
    const returnTo = new URL(departure.returnTo, location.origin)
    // With the departure, so that of several clients on a page only the one that left can take it.
    sessionStorage.setItem(key, JSON.stringify({ ...departure, params }))
    location.replace(returnTo.origin === location.origin ? returnTo : home)
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
  const channel = new BroadcastChannel(`afresh:${state}`)
  channel.onmessage = () => window.close()
  channel.postMessage(params)
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
  new BroadcastChannel('afresh:logout').postMessage({ iss: query.get('iss'), sid: query.get('sid') })
}
