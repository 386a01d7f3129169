import { UnansweredError } from './errors.ts'
import { markFrame, readMisplacedApp } from './misplaced-app.ts'

/** A popup or a hidden frame at the OP. */
export interface AuthWindow {
  navigate(url: string): void
  close(): void
}

/** A hidden frame at the OP. */
export interface AuthFrame extends AuthWindow {
  /** The path of the page that it shows, when that is of this origin and has been loaded; else null. */
  loadedPath(): string | null
}

/** A hidden frame, for `prompt=none`. */
export function openFrame(): AuthFrame {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.title = 'Session check'
  markFrame(frame)
  document.body.append(frame)
  return {
    // replace(): setting src would add an entry to the page's history.
    navigate: url => frame.contentWindow?.location.replace(url),
    close: () => frame.remove(),
    loadedPath: () => {
      const page = frame.contentDocument
      return page?.readyState === 'complete' && page.URL.startsWith('http')
        ? new URL(page.URL).pathname
        : null
    },
  }
}

/**
 * Waits for the callback page to hand over the response to one of these requests. The page does so over a
 * BroadcastChannel, which still works where Cross-Origin-Opener-Policy has cut the tie between opener and popup.
 *
 * @param states of the requests
 * @param seconds how long to wait
 * @returns the request's `state`, and the response's parameters, unchecked
 * @throws {UnansweredError}, or the signal's reason; {ConfigurationError} when the app answers instead of that page
 */
export function receiveResponse(
  states: readonly string[],
  seconds: number,
  signal: AbortSignal,
): Promise<{ readonly state: string; readonly params: string }> {
  const channels = states.map(state => [state, new BroadcastChannel(`afresh:${state}`)] as const)
  // The signal may outlive many responses, so no listener of this one may stay on it.
  const settled = new AbortController()
  let timer: ReturnType<typeof setTimeout>
  return new Promise<{ state: string; params: string }>((resolve, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason), { signal: settled.signal })
    timer = setTimeout(() => {
      reject(new UnansweredError(`The OpenID Provider's page gave no answer in ${seconds} s`))
    }, seconds * 1000)
    for (const [state, channel] of channels) {
      channel.onmessage = ({ data }) => {
        const mistake = readMisplacedApp(data)
        if (mistake) reject(mistake)
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
