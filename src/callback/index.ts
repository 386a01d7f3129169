/** sessionStorage: where this page sent its tab last, and for which `state`. */
const returnedKey = 'afresh:returned'
/** Stands for the state of a sign-out whose OP gives none back. */
const statelessSignOut = 'sign-out'

/**
 * The whole script of the page that the OP redirects back to (`/auth/callback.html`). It takes the response out of the
 * URL at once and hands it on unread. The response goes to the page that waits for it. After a full-page redirect it
 * goes to the page that the tab came from. This script redeems nothing. It drops a response that no page waits for.
 *
 * Some OPs give no `state` back after a sign-out. So if the tab has left for such a sign-out, a call without a response
 * takes the tab back to the page that it came from, once. If the page was opened by itself, for example to see whether
 * it is there, the console says which `callbackUrl` leads to it.
 *
 * While the script waits to hear that the response has arrived, the page shows a paragraph in English and a link to
 * `home`. They replace the content of the page's `<body>`. They stay in a tab that a script cannot close. If no page
 * takes the response within three seconds, the tab goes to `home`.
 *
 * @param home where the tab goes if no page waits; a path of this origin. Default: `/`
 */
export function handleCallback(home = '/'): void {
  const isResponse = (text: string): boolean => /(^|&)(state|error)=/.test(text)
  const response = [location.hash.slice(1), location.search.slice(1)].find(isResponse)
  // The path goes with it: an answer that was meant for another client's page is not accepted.
  const params = response ? `${response}&afresh_callback=${encodeURIComponent(location.pathname)}` : ''
  history.replaceState(null, '', location.pathname)
  const state = new URLSearchParams(params).get('state')
  const returnTo = response ? (putAside(state, params) ?? returnedTo(state)) : putAside(statelessSignOut, '')
  if (returnTo !== null) {
    location.replace(attempt(() => ownUrl(returnTo)) ?? home)
    return
  }
  if (!response) sayWhereItIs()
  const timer = window === window.top ? wait(home) : undefined
  handOver(state, params, () => {
    clearTimeout(timer)
    window.close()
  })
}

/** For the developer, who may have put the page where no client looks for it. */
function sayWhereItIs(): void {
  const { origin, pathname } = location
  console.warn(
    'afresh: this callback page was opened without an answer of an OpenID Provider. It is used only if createAuthClient ' +
      `has \`callbackUrl: '${pathname}'\` (the default is '/auth/callback.html') and ${origin}${pathname} is registered ` +
      'at the provider as redirect URI.',
  )
}

/** Where the tab went when it was here with this `state` before: Back may lead over the OP to this page once more. */
function returnedTo(state: string | null): string | null {
  const last = attempt(() => JSON.parse(sessionStorage.getItem(returnedKey) ?? 'null'))
  return last && last.state === state ? `${last.returnTo}` : null
}

/** Says what a person can do who still sees this page, and goes home in the end. @returns the timer of that */
function wait(home: string): ReturnType<typeof setTimeout> {
  const link = document.createElement('a')
  link.href = home
  link.textContent = 'Open the app'
  const words = document.createElement('p')
  words.lang = 'en'
  words.append('You can close this window and go on where you started. ', link)
  document.body.replaceChildren(words)
  return setTimeout(() => {
    window.close()
    location.replace(home)
  }, 3000)
}

/**
 * Keeps a response with the redirect that it answers, so that of several clients on a page only the one that left can
 * take it. Where storage is full it keeps an empty one, and the page that comes back says so.
 *
 * @returns where that page is, or null when no redirect of this tab waits for this response
 */
function putAside(state: string | null, params: string): string | null {
  const key = `afresh:tx:${state}`
  const departure = attempt(() => JSON.parse(sessionStorage.getItem(key) ?? 'null'))
  if (!departure || (state === statelessSignOut && departure.params !== undefined)) return null
  const { transaction, returnTo } = departure
  const keep = (params: string): boolean | undefined =>
    attempt(() => {
      // Its URL has done its work. Without it there is room for an empty response even where storage is full.
      const rest = { ...departure, transaction: transaction && { ...transaction, url: '' }, params }
      sessionStorage.setItem(key, JSON.stringify(rest))
      return true
    })
  keep(params) ?? keep('')
  attempt(() => {
    // After a sign-out nothing stays.
    if (transaction) sessionStorage.setItem(returnedKey, JSON.stringify({ state, returnTo }))
    else sessionStorage.removeItem(returnedKey)
  })
  return `${returnTo}`
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
 * the page that opened or framed this one, which needs no storage in common.
 *
 * @param onArrival called when one of them has arrived: to close the window before could lose it
 */
function handOver(state: string | null, params: string, onArrival: () => void): void {
  const asker: Window = window.opener ?? window.parent
  if (asker !== window) {
    addEventListener('message', ({ source }) => {
      if (source === asker) onArrival()
    })
    asker.postMessage({ afresh_response: params }, location.origin)
  }
  attempt(() => {
    const channel = new BroadcastChannel(`afresh:${state}`)
    channel.onmessage = onArrival
    channel.postMessage(params)
  })
}

/**
 * The whole script of a page that may be registered as `frontchannel_logout_uri`. The OP shows that page in a frame
 * when the person signs out there. The script tells the app's tabs, and the tabs check `iss` and `sid`. Some browsers
 * keep the storage of framed sites apart: there it reaches no tab. So nothing may depend on it.
 *
 * @see OpenID Connect Front-Channel Logout 1.0 §2
 */
export function handleFrontChannelLogout(): void {
  const query = new URLSearchParams(location.search)
  attempt(() => {
    new BroadcastChannel('afresh:logout').postMessage({ iss: query.get('iss'), sid: query.get('sid') })
  })
}
