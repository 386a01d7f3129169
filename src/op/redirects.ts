import { ConfigurationError } from '../core/errors.ts'
import type { Transaction } from '../core/tokens.ts'
import type { Browser } from './browser.ts'
import { type GuardedStorage, readValue, takeValue, writeValue } from './guarded-storage.ts'

/** A request that left by a full-page redirect, as this tab's sessionStorage keeps it until the page is back. */
export interface Departure<Purpose> {
  readonly issuer: string
  readonly clientId: string
  /** Absolute, same-origin; the callback page goes there. */
  readonly returnTo: string
  /** Null for a sign-out. */
  readonly transaction: Transaction | null
  /** What was going on, for the code that started it. */
  readonly purpose: Purpose
}

/** What came back from a full-page redirect. */
export interface RedirectResponse<Purpose> {
  readonly departure: Departure<Purpose>
  /** The response's parameters, unchecked. */
  readonly params: string
}

/** What sessionStorage has of it: the callback page adds what has come back. */
interface KeptDeparture<Purpose> extends Departure<Purpose> {
  readonly params?: string
}

// The callback page knows this name too.
const departureKey = 'afresh:tx:'
/** Where a callback page of 0.1 puts a response, whosever it is. A browser may have kept that page over a deploy. */
const formerResponseKey = 'afresh:response'
const probeKey = 'afresh:probe'

/** Milliseconds that the browser may take to leave the page. */
const leaveTimeLimit = 60_000

/**
 * Keeps the transaction and leaves the page for the OP. Settles only if the page stays: the person stopped the
 * navigation, or came back to a page that the browser had kept in memory. The transaction is given up then, and its
 * verifier does not stay in storage; a page that is loaded anew gives it up in `takeRedirectResponse`.
 *
 * @param navigate leaves the page
 * @throws {ConfigurationError} when the transaction cannot be kept
 */
export async function leaveForOp(
  browser: Browser,
  state: string,
  url: string,
  departure: Departure<unknown>,
  navigate: (url: string) => void,
): Promise<void> {
  const { tabStorage } = browser
  if (!writeValue(tabStorage, departureKey + state, departure)) {
    throw new ConfigurationError('A redirect needs sessionStorage, and a step-up’s input that is JSON')
  }
  navigate(url)
  await untilPageStays(browser)
  tabStorage.remove(departureKey + state)
}

/** Whether this tab's storage would keep a departure with this purpose. */
export function canLeaveWith({ tabStorage }: Browser, purpose: unknown): boolean {
  const isKept = writeValue(tabStorage, probeKey, purpose)
  tabStorage.remove(probeKey)
  return isKept
}

function untilPageStays({ clock, page }: Browser): Promise<void> {
  return new Promise(resolve => {
    const stay = (): void => {
      stopTimer()
      stopListening()
      resolve()
    }
    const stopTimer = clock.setTimer(stay, leaveTimeLimit)
    const stopListening = page.on('pageshow', ({ persisted }) => {
      // A page that leaves while it is still being loaded is shown as well.
      if (persisted) stay()
    })
  })
}

/**
 * The response to the redirect that this page load comes back from; null for any other load, and where another client
 * of this page has left. It is given once: this client's records are removed, also those of redirects that this tab gave
 * up on.
 */
export function takeRedirectResponse<Purpose>(
  { tabStorage }: Browser,
  issuer: string,
  clientId: string,
): RedirectResponse<Purpose> | null {
  let response: RedirectResponse<Purpose> | null = null
  for (const key of tabStorage.keys(departureKey)) {
    const kept = readValue<KeptDeparture<Purpose>>(tabStorage, key)
    if (kept?.issuer !== issuer || kept.clientId !== clientId) continue
    tabStorage.remove(key)
    const { params = takeFormerResponse(tabStorage, key), ...departure } = kept
    if (params !== null) response = { departure, params }
  }
  return response
}

function takeFormerResponse(tabStorage: GuardedStorage, key: string): string | null {
  const params = readValue<string>(tabStorage, formerResponseKey)
  const isAnswer = params !== null && departureKey + new URLSearchParams(params).get('state') === key
  return isAnswer ? takeValue(tabStorage, formerResponseKey) : null
}
