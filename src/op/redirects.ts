import { ConfigurationError } from '../core/errors.ts'
import type { Transaction } from '../core/tokens.ts'
import { tabStorage } from './storage.ts'

/** A transaction that left by a full-page redirect, as this tab's sessionStorage keeps it until the way back. */
export interface Departure<Purpose> {
  readonly issuer: string
  readonly clientId: string
  /** Absolute, same-origin; the callback page goes there. */
  readonly returnTo: string
  /** Null for a sign-out. */
  readonly transaction: Transaction | null
  /** What was going on, for whoever started it. */
  readonly purpose: Purpose
}

export interface Arrival<Purpose> {
  readonly departure: Departure<Purpose>
  /** The response's parameters, unchecked. */
  readonly params: string
}

// The callback page knows these names too.
const departureKey = 'afresh:tx:'
const arrivalKey = 'afresh:response'

/** Milliseconds that the browser may take to leave the page. */
const leaving = 60_000

/**
 * Keeps the transaction and leaves the page. Settles only if the page stays: the person stopped the navigation, or
 * came back to a page that the browser had kept in memory. The transaction is given up then, and its verifier does not
 * stay in storage; a page that is loaded anew gives it up in `arrive`.
 *
 * @throws {ConfigurationError} when the transaction cannot be kept
 */
export async function depart(state: string, url: string, departure: Departure<unknown>): Promise<void> {
  if (!tabStorage.write(departureKey + state, departure)) {
    throw new ConfigurationError('A redirect needs sessionStorage, and a step-up’s input that is JSON')
  }
  location.assign(url)
  await new Promise<void>(resolve => {
    const stay = (): void => {
      clearTimeout(timer)
      removeEventListener('pageshow', comeBack)
      resolve()
    }
    const comeBack = ({ persisted }: PageTransitionEvent): void => {
      // A page that leaves while it is still being loaded is shown as well.
      if (persisted) stay()
    }
    const timer = setTimeout(stay, leaving)
    addEventListener('pageshow', comeBack)
  })
  tabStorage.remove(departureKey + state)
}

/**
 * The redirect that this page load comes back from; null for any other load. Single use: its records go, and so do
 * those of redirects that this tab gave up on.
 */
export function arrive<Purpose>(issuer: string, clientId: string): Arrival<Purpose> | null {
  const params = tabStorage.take<string>(arrivalKey) ?? ''
  const arrivedKey = departureKey + new URLSearchParams(params).get('state')
  let arrival: Arrival<Purpose> | null = null
  for (const key of tabStorage.keys(departureKey)) {
    const departure = tabStorage.read<Departure<Purpose>>(key)
    if (departure?.issuer !== issuer || departure.clientId !== clientId) continue
    tabStorage.remove(key)
    if (key === arrivedKey) arrival = { departure, params }
  }
  return arrival
}
