import type { AuditEvent } from '../audit/event.ts'
import { quiet } from '../audit/quiet.ts'
import { createTrails, type OpenTrail } from '../audit/trail.ts'
import { isSecureUrl, parseUrl } from '../http/url.ts'
import { isUrlOfOp } from '../provider/discovery.ts'
import type { ProviderKeysOptions } from '../provider/keys.ts'
import type { CheckedStore } from '../stores/checked.ts'
import type { StoreOption } from '../stores/store.ts'
import { isOptionalFunction, isWholeNumber, type Need } from './need.ts'
import {
  type ProviderOptions,
  type ProviderSetup,
  providerOptionNames,
  setUpProvider,
} from './provider-options.ts'
import type { PublicUrl } from './public-url.ts'
import { readStore } from './read-store.ts'
import { createRuleReport } from './rule.ts'

/** The options that both guards have. All times are in seconds. */
export interface SharedOptions extends ProviderOptions {
  /**
   * The URL of the OpenID Provider (OP), exactly as its discovery document and its ID Tokens (`iss`) spell it. It must
   * be https, or http on localhost. Some discovery documents have a template instead, such as Entra's
   * `https://login.microsoftonline.com/{tenantid}/v2.0`. Give that template then: tokens must name one of the profile's
   * `issuers`.
   */
  readonly issuer: string
  /**
   * Remembers what was used. `'memory'` is the memory of this process. It is enough if one process serves the API, and
   * a restart ends open challenges and grants. Several processes must share a store, e.g. one of `afresh/server/sql` or
   * `afresh/server/redis`. Otherwise each process accepts the same grant once.
   */
  readonly store: StoreOption
  /**
   * How many seconds the store may take to answer: more than 0, at most 60. After that, the answer is a 503. It does
   * not apply to `'memory'`. Default: 2.
   */
  readonly storeTimeout?: number | undefined
  /**
   * The other origins whose pages may use the freshness endpoint and read the refusals of the guard, e.g.
   * `https://app.example`. Default: none.
   */
  readonly origins?: readonly string[] | undefined
  /** How many seconds the clocks of the OP and of our own processes may differ, 0 to 300. Default: 30. */
  readonly clockSkew?: number | undefined
  /**
   * The base URL under which clients reach the guard's routes: text, or a function of the request. The guard compares
   * it with the URL that a DPoP proof names (`htu`, RFC 9449 §4.3). The guard itself never reads `Host` and
   * `X-Forwarded-*`, because the caller writes them; only your function can use them. Default: the origin of
   * `audience`, if that is a URL.
   */
  readonly publicUrl?: PublicUrl | undefined
  /**
   * The URL of the OP's signing keys: https, or http on localhost if the issuer is there too. Default: the one in the
   * discovery document.
   */
  readonly jwksUri?: string | undefined
  /**
   * The guard fetches the OP's keys again after ten minutes. If that fails, it uses the old keys for this many seconds
   * more, 0 to 86,400. Default: 3,600.
   */
  readonly jwksGrace?: number | undefined
  /** Gives the time in epoch seconds. Default: the system's clock. */
  readonly now?: (() => number) | undefined
  /**
   * Sends all requests to the OP: for the discovery document, the keys, introspection, and those of a `stepUpClient`.
   * Default: the global `fetch`.
   */
  readonly fetch?: typeof fetch | undefined
  /**
   * Is told about failures. Errors that it throws are ignored. Default: `console.error`.
   *
   * - Each failure that was answered with a 503. Too many requests at once are not reported. A failure of the OP that
   *   stops many requests is reported once.
   * - Keys that could not be renewed.
   * - A function of the options (`trustedAudiences`, `localIdp`, `display`) that threw or is async, and an `audit` that
   *   failed: each once in 30 seconds.
   * - A flood of bad tokens: once in 30 seconds, with their number.
   *
   * @param error what went wrong
   */
  readonly onError?: ((error: unknown) => void) | undefined
  /**
   * Is told each decision, e.g. to write it to a log or to count it. It is called right before the answer. The answer
   * does not wait for a promise that it returns. If it throws or rejects, no answer changes, and `onError` is told once
   * in 30 seconds. A `ConfigurationError` that a guard throws is no decision. If `authenticate` throws the refusal of
   * another guard, only that other guard reports it. Default: nothing is called.
   *
   * @param event the decision
   */
  readonly audit?: ((event: AuditEvent) => unknown) | undefined
}

/** The names of the options that all guards have. */
export const sharedOptionNames: readonly (keyof SharedOptions)[] = [
  ...providerOptionNames,
  'issuer',
  'store',
  'storeTimeout',
  'origins',
  'clockSkew',
  'publicUrl',
  'jwksUri',
  'jwksGrace',
  'now',
  'fetch',
  'onError',
  'audit',
]

/** The shared options with every default filled in. */
export interface SharedSetup extends ProviderKeysOptions, ProviderSetup {
  /** It answers in time or rejects. */
  readonly store: CheckedStore
  readonly origins: readonly string[]
  readonly clockSkew: number
  /** Epoch seconds with their fraction; `now` is whole. */
  readonly clock: () => number
  /** Begins to follow a request, for `audit`. */
  readonly openTrail: OpenTrail
}

/** Checks the shared options and fills in the defaults. @throws {ConfigurationError} */
export function setUpShared(options: SharedOptions, need: Need): SharedSetup {
  const { issuer, jwksUri, jwksGrace = 3_600, origins = [], clockSkew = 30 } = options
  const { now: clock = () => Date.now() / 1000, fetch = globalThis.fetch, onError = logError } = options

  const issuerUrl = parseUrl(issuer)
  need(isSecureUrl(issuerUrl), 'issuer must be an https URL, or http on localhost')
  need(issuerUrl?.search === '' && issuerUrl.hash === '', 'issuer must have neither query nor fragment')
  need(
    jwksUri === undefined || isUrlOfOp(parseUrl(jwksUri), issuer),
    'jwksUri must be https, or http on localhost where the issuer is there too',
  )
  need(isWholeNumber(jwksGrace, 0, 86_400), 'jwksGrace must be whole seconds, 0 to 86,400')
  need(isWholeNumber(clockSkew, 0, 300), 'clockSkew must be whole seconds, 0 to 300')
  need(isOptionalFunction(options.now), 'now must be a function')
  need(isOptionalFunction(options.fetch), 'fetch must be a function')
  need(isOptionalFunction(options.onError), 'onError must be a function')
  need(isOptionalFunction(options.audit), 'audit must be a function')
  need(Array.isArray(origins), 'origins must be a list')
  for (const origin of origins) {
    need(
      parseUrl(origin)?.origin === origin,
      `origins: "${origin}" is not an origin such as https://app.example`,
    )
  }
  const reporting = { now: () => Math.floor(clock()), onError: quiet(onError) }
  const report = createRuleReport('audit', reporting)
  const reportAudit = quiet((cause: unknown) => report('failed, so an event is lost', cause))
  return {
    ...setUpProvider(options, reporting, need),
    ...reporting,
    ...{ jwksUri, jwksGrace, fetch, clockSkew, clock },
    // Copied, so that a list that the caller changes later allows nothing more.
    origins: [...origins],
    // There is no second clock to compare a clock of the caller's with.
    steady: options.now ? undefined : () => performance.now() / 1000,
    store: readStore(options, need),
    openTrail: createTrails(options.audit ?? (() => {}), clock, reportAudit),
  }
}

function logError(error: unknown): void {
  console.error('afresh: the guard:', error)
}
