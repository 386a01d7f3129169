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

/** The options that all guards have. Times in seconds. */
export interface SharedOptions extends ProviderOptions {
  /**
   * The OP, exactly as its discovery document and its ID Tokens (`iss`) spell it: https, or http on localhost. Where the
   * document has a template, such as Entra's `https://login.microsoftonline.com/{tenantid}/v2.0`, that template; tokens
   * must then name one of the profile's `issuers`.
   */
  readonly issuer: string
  /**
   * Remembers what was used. `'memory'` is this process's own, and good where one process serves the API; a restart
   * ends open challenges and grants. Several processes must share a store, e.g. one of `afresh/server/sql` or
   * `afresh/server/redis`. Otherwise a grant would pass once in each.
   */
  readonly store: StoreOption
  /** How many seconds the store may take to answer. After that, the answer is a 503. Default: 2. */
  readonly storeTimeout?: number | undefined
  /** Origins of pages on other origins that may use the endpoint, e.g. `https://app.example`. Default: none. */
  readonly origins?: readonly string[] | undefined
  /** Seconds by which the OP's clock and those of our own processes may disagree, at most 300. Default: 30. */
  readonly clockSkew?: number | undefined
  /**
   * The base URL under which the guard's routes are reached, as text or as a function of the request: a DPoP proof
   * names the URL that its sender sees (RFC 9449 §4.3 `htu`). `Host` and `X-Forwarded-*`, which the caller writes, are
   * used only if the function uses them. Default: the origin of an `audience` that is a URL.
   */
  readonly publicUrl?: PublicUrl | undefined
  /** Where the OP's signing keys are. Default: what the issuer's discovery document says. */
  readonly jwksUri?: string | undefined
  /**
   * For how many seconds the OP's keys stay good, after their ten minutes, while they cannot be renewed. Default:
   * 3,600.
   */
  readonly jwksGrace?: number | undefined
  /** Epoch seconds. Default: the system's clock. */
  readonly now?: (() => number) | undefined
  /** For discovery and keys. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined
  /**
   * Called for each failure that was answered with 503, when keys could not be renewed, and, once in 30 seconds each, when
   * a rule of the options threw (`trustedAudiences`, `localIdp`, `display`) or is async, and when `audit` failed; not when there were
   * too many requests. A
   * failure of the OP that stops many requests is reported once. A flood of bad tokens is reported once in 30 seconds,
   * with their number. Errors that it throws are ignored. Default: `console.error`.
   */
  readonly onError?: ((error: unknown) => void) | undefined
  /**
   * Called with each decision, e.g. to write it to a log or to count it: right before the answer, which does not wait for
   * a promise that it returns. An error that it throws or rejects with changes no answer; `onError` hears of it once in 30
   * seconds. A `ConfigurationError` that a guard throws is no decision, and the refusal of another guard is reported by
   * that guard. Default: nothing.
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
