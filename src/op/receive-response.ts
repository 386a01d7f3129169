import { isRecord } from '../core/claims.ts'
import { AuthorizationResponseError, type ConfigurationError } from '../core/errors.ts'
import type { Browser } from './browser.ts'
import { UnansweredError } from './errors.ts'
import { readMisplacedApp } from './misplaced-app.ts'
import type { AuthWindow } from './windows.ts'

/** The response to the request with this `state`. `params` are its parameters, unchecked. */
export interface ReceivedResponse {
  readonly state: string
  readonly params: string
}

/** Stops hearing. */
type Stop = () => void

/**
 * Waits for the callback page to hand over the response to one of these requests. The page does so in two ways, and the
 * first counts: over a BroadcastChannel, which still works where Cross-Origin-Opener-Policy has cut the tie between
 * opener and popup; and by a message to this page, which still works where an app that another site frames has its
 * channels apart from the popup's.
 *
 * @param window whose messages are believed
 * @param states of the requests
 * @param seconds how long to wait
 * @throws {UnansweredError}; {AuthorizationResponseError} `state_mismatch` when the window is back with a response to
 * none of these requests; {ConfigurationError} when the app answers instead of that page; or the signal's reason
 */
export function receiveResponse(
  browser: Browser,
  window: AuthWindow,
  states: readonly string[],
  seconds: number,
  signal: AbortSignal,
): Promise<ReceivedResponse> {
  const stops: Stop[] = []
  return new Promise<ReceivedResponse>((resolve, reject) => {
    signal.throwIfAborted()
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort)
    // The signal may outlive many responses, so no listener of this one may stay on it.
    stops.push(() => signal.removeEventListener('abort', abort))
    const late = (): void =>
      reject(new UnansweredError(`The OpenID Provider's page gave no answer in ${seconds} s`))
    stops.push(browser.clock.setTimer(late, seconds * 1000))
    for (const state of states)
      stops.push(hearChannel(browser, state, params => resolve({ state, params }), reject))
    stops.push(
      hearWindow(browser, window.source, params => {
        const state = new URLSearchParams(params).get('state')
        if (state !== null && states.includes(state)) resolve({ state, params })
        else reject(new AuthorizationResponseError('state_mismatch'))
      }),
    )
  }).finally(() => {
    for (const stop of stops) stop()
  })
}

/** Calls `take` with what the callback page sends over the channel of this `state`, `refuse` where the app is there instead. */
function hearChannel(
  { openChannel }: Browser,
  state: string,
  take: (params: string) => void,
  refuse: (mistake: ConfigurationError) => void,
): Stop {
  const channel = openChannel(`afresh:${state}`)
  if (!channel) return () => {}
  channel.onmessage = ({ data }) => {
    const mistake = readMisplacedApp(data)
    if (mistake) refuse(mistake)
    if (typeof data !== 'string') return
    // The page closes itself once it knows that its message arrived.
    channel.postMessage(null)
    take(data)
  }
  return () => channel.close()
}

/**
 * Calls `take` with what the callback page in this window sends. A page of another origin can neither send that nor
 * come by it; it can at most lead its window to the callback page with a wrong `state`, which ends this request.
 */
function hearWindow({ page }: Browser, source: Window | null, take: (params: string) => void): Stop {
  if (!source) return () => {}
  return page.on('message', event => {
    const isOurs = event.source === source && event.origin === page.origin
    const params = isOurs && isRecord(event.data) ? event.data.afresh_response : undefined
    if (typeof params !== 'string') return
    source.postMessage(null, { targetOrigin: page.origin })
    take(params)
  })
}
