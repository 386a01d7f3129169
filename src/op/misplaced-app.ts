import { isRecord } from '../core/claims.ts'
import { ConfigurationError } from '../core/errors.ts'

// A web server that sends the app for every unknown path, or a service worker that does, sends it for `callbackUrl` too.
// The app would then open hidden frames inside its own hidden frame, and would leave the code in its URL.

const frameMark = 'data-afresh-frame'

/** Marks a hidden frame of ours, so that an app that is loaded in it knows where it is. */
export function markFrame(frame: HTMLIFrameElement): void {
  frame.setAttribute(frameMark, '')
}

/**
 * Refuses to run where only the callback page may: at `callbackUrl`, or in a hidden frame of ours. The response is taken
 * out of the URL, nothing of it is redeemed, and the page that waits for it is told. An app that another site frames is
 * in no frame of ours.
 *
 * @throws {ConfigurationError}
 */
export function refuseMisplacedApp(callbackUrl: string): void {
  const { pathname } = new URL(callbackUrl)
  const isAtCallback = location.pathname === pathname
  if (!isAtCallback && !isInOwnFrame()) return
  const state = clearUrl()
  if (state !== null) tellWaitingPage(state)
  throw isAtCallback ? appAtCallback(pathname) : appInOwnFrame()
}

/** @param path where the callback page should be */
function appAtCallback(path: string): ConfigurationError {
  return new ConfigurationError(
    `At \`callbackUrl\` (${path}) the server sends the app itself, and not the page that runs \`afresh/callback\`. Deploy ` +
      'that page there (the Vite plugin `afresh/vite` builds it), and exclude its path from the SPA fallback: a rewrite ' +
      'of the web server, or the `navigateFallback` of a service worker',
  )
}

function appInOwnFrame(): ConfigurationError {
  return new ConfigurationError(
    `The app was loaded in its own hidden frame, at ${location.pathname}, where only the pages of the OpenID Provider ` +
      'and the page that runs `afresh/callback` may be: `callbackUrl` must lead to that page without a redirect',
  )
}

/** What a misplaced app says on the channel that waits for the callback page; null for any other message. */
export function readMisplacedApp(message: unknown): ConfigurationError | null {
  if (!isRecord(message) || typeof message.appAt !== 'string') return null
  return appAtCallback(message.appAt)
}

function tellWaitingPage(state: string): void {
  try {
    const channel = new BroadcastChannel(`afresh:${state}`)
    // The answer says that the message has arrived.
    channel.onmessage = () => channel.close()
    channel.postMessage({ appAt: location.pathname })
  } catch {
    // Without channels that page is told by its time limit.
  }
}

function isInOwnFrame(): boolean {
  return window.frameElement?.hasAttribute(frameMark) === true
}

/** Takes a response out of the URL, as the callback page does. Returns its `state`; null if there is none. */
function clearUrl(): string | null {
  const responses = [location.hash.slice(1), location.search.slice(1)].map(text => new URLSearchParams(text))
  const response = responses.find(params => params.has('state') || params.has('error'))
  if (!response) return null
  history.replaceState(null, '', location.pathname)
  return response.get('state')
}
