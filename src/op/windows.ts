import { AuthTimeoutError } from '../core/errors.ts'

/** Where a person, or nobody, meets the OP. */
export interface AuthWindow {
  navigate(url: string): void
  close(): void
}

/** Milliseconds between two looks at a popup. */
const glance = 200
/** How many looks a page may take to get the focus back from a popup that was closed. */
const looks = 4

/**
 * Opens an empty popup at once, because browsers only allow it inside the click; `navigate` follows when the
 * request is ready. Null when the browser refuses.
 *
 * `onGone` hears that the popup is away: `closed` when it was at the OP and gave the focus back, `lost` when the browser
 * may only have cut the tie (one that shows a page with Cross-Origin-Opener-Policy reads as closed while it is alive).
 */
export function openPopup(onGone: (how: 'closed' | 'lost') => void): AuthWindow | null {
  const width = 480
  const height = 680
  const left = screenX + (outerWidth - width) / 2
  const top = screenY + (outerHeight - height) / 2
  const popup = open('about:blank', '_blank', `popup,width=${width},height=${height},left=${left},top=${top}`)
  if (!popup) return null
  let reachedOp = false
  let navigated = false
  let looked = 0
  const watch = setInterval(() => {
    if (!popup.closed) {
      reachedOp ||= !isReadable(popup)
      return
    }
    // Whoever closed it is back here; whoever went on to a page that cut the tie is still there.
    const isBack = document.hasFocus()
    if (!isBack && ++looked < looks) return
    clearInterval(watch)
    onGone(isBack && (reachedOp || !navigated) ? 'closed' : 'lost')
  }, glance)
  return {
    navigate: url => {
      navigated = true
      popup.location.replace(url)
    },
    close: () => {
      clearInterval(watch)
      popup.close()
    },
  }
}

/** A window that shows another origin's page cannot be read, so it has reached the OP and is still tied to us. */
function isReadable(popup: Window): boolean {
  try {
    return Boolean(popup.location.href)
  } catch {
    return false
  }
}

/** A frame nobody sees, for `prompt=none`. */
export function openFrame(): AuthWindow {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.title = 'Session check'
  document.body.append(frame)
  return {
    // replace(): setting src would add an entry to the page's history.
    navigate: url => frame.contentWindow?.location.replace(url),
    close: () => frame.remove(),
  }
}

/**
 * Waits for the callback page to hand over the response to one of these requests. A BroadcastChannel, because it still
 * works where Cross-Origin-Opener-Policy has cut the tie between opener and popup.
 *
 * @param states of the requests
 * @param seconds how long to wait
 * @returns the request's `state`, and the response's parameters, unchecked
 * @throws {AuthTimeoutError}, or the signal's reason
 */
export function receiveResponse(
  states: readonly string[],
  seconds: number,
  signal: AbortSignal,
): Promise<{ readonly state: string; readonly params: string }> {
  const channels = states.map(state => [state, new BroadcastChannel(`afresh:${state}`)] as const)
  // The signal may outlive many responses, so nothing of this one may stay on it.
  const settled = new AbortController()
  let timer: ReturnType<typeof setTimeout>
  return new Promise<{ state: string; params: string }>((resolve, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason), { signal: settled.signal })
    timer = setTimeout(() => {
      reject(new AuthTimeoutError(`The OpenID Provider's page gave no answer in ${seconds} s`))
    }, seconds * 1000)
    for (const [state, channel] of channels) {
      channel.onmessage = ({ data }) => {
        if (typeof data !== 'string') return
        // The page closes itself once it knows that its message arrived.
        channel.postMessage(null)
        resolve({ state, params: data })
      }
    }
  }).finally(() => {
    settled.abort()
    clearTimeout(timer)
    for (const [, channel] of channels) channel.close()
  })
}
