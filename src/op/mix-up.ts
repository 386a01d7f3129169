import { AuthorizationResponseError, ConfigurationError } from '../core/errors.ts'
import type { Browser } from './browser.ts'
import type { ProviderMetadata } from './metadata.ts'
import { withTimeLimit } from './time-limit.ts'

/** A client of this page: its OP, and where its answers come back to. */
export interface Party {
  readonly issuer: string
  /** Absolute. */
  readonly callbackUrl: string
  readonly metadata: () => Promise<ProviderMetadata>
  /** Whose page it is in. */
  readonly browser: Browser
}

const parties = new Set<Party>()

// The callback page imports nothing, so it spells this parameter's name out too.
const arrivedAt = 'afresh_callback'

/** Seconds that another OP's discovery may hold up a request to this one. */
const discoveryTimeLimit = 2

/** Counts a client among those of this page, until the signal is aborted. */
export function join(party: Party, disposed: AbortSignal): void {
  if (disposed.aborted || parties.has(party)) return
  parties.add(party)
  disposed.addEventListener('abort', () => parties.delete(party), { once: true })
}

/**
 * Refuses a request whose answer could be another OP's. An evil OP may send the person on to an honest one; this page
 * would then send the honest OP's code, with the verifier, to the evil one. That cannot happen when one of the two puts
 * `iss` into its answers, since a code with a wrong `iss`, or without one that is due, is refused. Nor can it happen
 * when their answers come back to different pages. Clients on *other* pages of this origin are *not* seen.
 *
 * @throws {ConfigurationError}
 * @see RFC 9207; RFC 9700 §4.4.2
 */
export async function refuseMixUp(party: Party): Promise<void> {
  const { authorization_response_iss_parameter_supported: names } = await party.metadata()
  if (names === true) return
  for (const other of rivalsOf(party)) {
    if (pathOf(other) !== pathOf(party)) continue
    // An OP that cannot be reached gives no code either; the next request looks again.
    const metadata = await withTimeLimit(
      party.browser.clock,
      discoveryTimeLimit,
      'The other OpenID Provider',
      other.metadata(),
    ).catch(() => null)
    if (metadata === null || metadata.authorization_response_iss_parameter_supported === true) continue
    throw new ConfigurationError(
      `This page has clients of two issuers (${party.issuer} and ${other.issuer}) and one \`callbackUrl\`, and neither OP puts \`iss\` into its answers (RFC 9207), so a code could be sent to the wrong one: give each client a \`callbackUrl\` of its own, registered at its OP only`,
    )
  }
}

/**
 * Refuses an answer that came back to another client's page.
 *
 * @param params of the response, with the path that the callback page adds. A page of 0.1 adds none, and is believed
 * @throws {AuthorizationResponseError} `callback_mismatch`
 */
export function checkCallback(party: Party, params: string): void {
  const response = new URLSearchParams(params)
  const path = response.get(arrivedAt)
  // An `iss` is better evidence, and has been compared by now.
  if (path === null || response.has('iss') || path === pathOf(party)) return
  if (rivalsOf(party).length > 0) throw new AuthorizationResponseError('callback_mismatch')
}

function rivalsOf({ issuer, browser }: Party): Party[] {
  return [...parties].filter(other => other.browser === browser && other.issuer !== issuer)
}

function pathOf({ callbackUrl }: Party): string {
  return new URL(callbackUrl).pathname
}
