import { ConfigurationError } from '../../core/errors.ts'
import { isSeconds } from '../freshness/policy.ts'
import { impatient } from '../http/limits.ts'
import { isSecureUrl, parseUrl } from '../http/url.ts'
import type { ProviderKeysOptions } from '../provider/keys.ts'
import { defaultStore } from '../stores/memory.ts'
import type { FreshnessStore } from '../stores/store.ts'

/** What every guard has to be told, or may be. */
export interface SharedOptions {
  /** The OP, exactly as its ID Tokens spell it in `iss`: https, or http on localhost. */
  readonly issuer: string
  /** Default: `memoryStore()`, good for one process only; several share one, e.g. of `afresh/server/redis`. */
  readonly store?: FreshnessStore
  /** Seconds that the store may take to answer; after that it is a 503. Default: 2. */
  readonly storeTimeout?: number
  /** Origins of pages on other origins that may use the endpoint, e.g. `https://app.example`. Default: none. */
  readonly origins?: readonly string[]
  /** Seconds by which the OP's clock and ours may disagree. Default: 30. */
  readonly clockSkew?: number
  /**
   * The URL that the caller sent a request to, where a proxy changes host or path: a DPoP proof names it (RFC 9449
   * §4.3 `htu`). `X-Forwarded-*`, which anybody can send, is asked only if this function does. Default:
   * `request.url`; https in front of our http is known without it.
   */
  readonly publicUrl?: (request: Request) => string
  /** Where the OP's signing keys are. Default: what the issuer's discovery document says. */
  readonly jwksUri?: string
  /** Seconds that the OP's keys stay good, after their ten minutes, while they cannot be renewed. Default: 3,600. */
  readonly jwksGrace?: number
  /** Epoch seconds. Default: the system's clock. */
  readonly now?: () => number
  /** For discovery and keys. Default: the global `fetch`. */
  readonly fetch?: typeof fetch
  /**
   * Told of every failure that was answered with 503, but for `maxConcurrent`, and of keys that could not be renewed.
   * Default: `console.error`.
   */
  readonly onError?: (error: unknown) => void
}

/** The shared options with every default filled in. */
export interface SharedSetup extends ProviderKeysOptions {
  /** Never answers later than it may. */
  readonly store: FreshnessStore
  readonly origins: readonly string[]
  readonly clockSkew: number
}

/** @throws {ConfigurationError} unless the condition holds */
export type Need = (condition: boolean, problem: string) => asserts condition

export function needFor(maker: string): Need {
  return (condition, problem) => {
    if (!condition) throw new ConfigurationError(`${maker}: ${problem}`)
  }
}

export function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/** @throws {ConfigurationError} */
export function setUpShared(options: SharedOptions, need: Need): SharedSetup {
  const { issuer, jwksUri, jwksGrace = 3_600, origins = [], clockSkew = 30, storeTimeout = 2 } = options
  const { now: clock = () => Date.now() / 1000, fetch = globalThis.fetch } = options
  const { onError = error => console.error('afresh: the guard:', error) } = options
  const now = (): number => Math.floor(clock())

  const issuerUrl = parseUrl(issuer)
  need(isSecureUrl(issuerUrl), 'issuer must be an https URL, or http on localhost')
  need(issuerUrl?.search === '' && issuerUrl.hash === '', 'issuer must have neither query nor fragment')
  need(jwksUri === undefined || isSecureUrl(parseUrl(jwksUri)), 'jwksUri must be https, or http on localhost')
  need(isSeconds(jwksGrace, 0), 'jwksGrace must be whole seconds, 0 or more')
  need(isSeconds(clockSkew, 0), 'clockSkew must be whole seconds, 0 or more')
  need(storeTimeout > 0 && storeTimeout <= 60, 'storeTimeout must be seconds, more than 0 and at most 60')
  for (const origin of origins) {
    need(
      parseUrl(origin)?.origin === origin,
      `origins: "${origin}" is not an origin such as https://app.example`,
    )
  }
  const store = impatient(options.store ?? defaultStore(now), storeTimeout)
  return { issuer, jwksUri, jwksGrace, fetch, now, onError, store, origins, clockSkew }
}
