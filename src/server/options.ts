import { base64url } from 'jose'
import { ConfigurationError } from '../core/errors.ts'
import type { BindingOptions } from './binding.ts'
import { createProofReader, type ReadProof } from './dpop.ts'
import { createIdTokenVerifier, type VerifyIdToken } from './id-token.ts'
import { memoryStore } from './memory-store.ts'
import { type ActionPolicy, checkPolicy, grantTtl, isSeconds } from './policy.ts'
import type { FreshnessStore } from './store.ts'
import { createOwnTokens, type OwnTokens } from './tokens.ts'
import { isSecureUrl, parseUrl } from './url.ts'

/** Who the backend's own session says is asking. */
export interface AuthenticatedPerson {
  /** The `sub` the OP knows the person by. */
  readonly subject: string
  /** The `auth_time` (epoch seconds) of an ID Token that the backend verified itself; else leave it out. */
  readonly authTime?: number | undefined
}

export interface GuardOptions<Action extends string = string> {
  /** The OP, exactly as its ID Tokens spell it in `iss`: https, or http on localhost. */
  readonly issuer: string
  /** The SPA's client id: ID Tokens must be made out to it. */
  readonly clientId: string
  /** A name for this API, e.g. its URL: what its challenges and grants are good for. */
  readonly audience: string
  /**
   * Secrets of 32 random bytes, or their base64url text. The first signs, all verify: to rotate, put the new
   * one in front and take the old one away once the longest challenge has expired.
   */
  readonly keys: readonly (Uint8Array | string)[]
  /** What can be asked for, and how fresh a login each needs. */
  readonly actions: Readonly<Record<Action, ActionPolicy>>
  /** Default: `memoryStore()`, good for one process only. */
  readonly store?: FreshnessStore
  /** Origins of pages on other origins that may use the endpoint, e.g. `https://app.example`. Default: none. */
  readonly origins?: readonly string[]
  /**
   * Names the person who asks, by the backend's own session, instead of the ID Token that the browser sends.
   * The request's body has been read already. Null: nobody, and Ask is denied. Default: the ID Token names.
   */
  readonly authenticate?: (
    request: Request,
  ) => AuthenticatedPerson | null | Promise<AuthenticatedPerson | null>
  /** Audiences besides `clientId` that may stand in an ID Token's `aud`. Default: none. */
  readonly trustedAudiences?: readonly string[]
  /** Seconds by which the OP's clock and ours may disagree. Default: 30. */
  readonly clockSkew?: number
  /** Seconds a person has to answer a challenge. Default: 600. */
  readonly challengeTtl?: number
  readonly cookie?: BindingOptions
  /**
   * The URL that the caller sent a request to, where a proxy changes host or path: a DPoP proof names it (RFC 9449
   * §4.3 `htu`). `X-Forwarded-*`, which anybody can send, is asked only if this function does. Default:
   * `request.url`; https in front of our http is known without it.
   */
  readonly publicUrl?: (request: Request) => string
  /** Where the OP's signing keys are. Default: what the issuer's discovery document says. */
  readonly jwksUri?: string
  /** Epoch seconds. Default: the system's clock. */
  readonly now?: () => number
  /** For discovery and keys. Default: the global `fetch`. */
  readonly fetch?: typeof fetch
  /** Told of every failure that was answered with 503. Default: `console.error`. */
  readonly onError?: (error: unknown) => void
}

/** The options with every default filled in, and what is built from them. */
export interface GuardSetup {
  readonly policies: ReadonlyMap<string, ActionPolicy>
  readonly tokens: OwnTokens
  readonly verifyIdToken: VerifyIdToken
  readonly store: FreshnessStore
  readonly origins: readonly string[]
  readonly authenticate: GuardOptions['authenticate']
  readonly clockSkew: number
  readonly challengeTtl: number
  readonly readProof: ReadProof
  readonly cookie: BindingOptions
  /** Seconds: a challenge answered at the last moment, and its grant used at the last moment. */
  readonly cookieMaxAge: number
  /** Whole epoch seconds. */
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

/** @throws {ConfigurationError} */
export function setUpGuard(options: GuardOptions): GuardSetup {
  const { issuer, clientId, audience, jwksUri, origins = [], clockSkew = 30, challengeTtl = 600 } = options
  const { now: clock = () => Date.now() / 1000, fetch = globalThis.fetch, trustedAudiences = [] } = options
  const now = (): number => Math.floor(clock())
  const { store = memoryStore({ now }), cookie = {}, authenticate } = options

  const issuerUrl = parseUrl(issuer)
  need(isSecureUrl(issuerUrl), 'issuer must be an https URL, or http on localhost')
  need(issuerUrl?.search === '' && issuerUrl.hash === '', 'issuer must have neither query nor fragment')
  need(isText(clientId), 'clientId is missing')
  need(isText(audience), 'audience is missing: a name for this API, e.g. its URL')
  need(jwksUri === undefined || isSecureUrl(parseUrl(jwksUri)), 'jwksUri must be https, or http on localhost')
  need(isSeconds(clockSkew, 0), 'clockSkew must be whole seconds, 0 or more')
  need(isSeconds(challengeTtl, 1), 'challengeTtl must be whole seconds, 1 or more')
  for (const origin of origins) {
    need(
      parseUrl(origin)?.origin === origin,
      `origins: "${origin}" is not an origin such as https://app.example`,
    )
  }
  need(/^[\w-]+$/.test(cookie.name ?? 'afresh'), 'cookie.name must be a word')

  // A map, so that `constructor` and `__proto__` are not actions.
  const policies = new Map<string, ActionPolicy>(Object.entries(options.actions ?? {}))
  need(policies.size > 0, 'actions is empty: nothing could be asked for')
  for (const [action, policy] of policies) checkPolicy(action, policy)

  return {
    policies,
    tokens: createOwnTokens(readKeys(options.keys), issuer, audience),
    verifyIdToken: createIdTokenVerifier({ issuer, clientId, trustedAudiences, clockSkew, jwksUri, fetch }),
    store,
    origins,
    authenticate,
    clockSkew,
    challengeTtl,
    readProof: createProofReader({ store, clockSkew, publicUrl: options.publicUrl }),
    cookie,
    cookieMaxAge: challengeTtl + Math.max(...Array.from(policies.values(), grantTtl)),
    now,
    onError: options.onError ?? (error => console.error('afresh: the freshness guard answered 503:', error)),
  }
}

function need(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new ConfigurationError(`createFreshnessGuard: ${problem}`)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function readKeys(keys: readonly (Uint8Array | string)[]): [Uint8Array, ...Uint8Array[]] {
  const [signingKey, ...olderKeys] = Array.isArray(keys) ? keys.map(readKey) : []
  need(signingKey !== undefined, 'keys is empty')
  return [signingKey, ...olderKeys]
}

function readKey(key: Uint8Array | string): Uint8Array {
  let bytes: Uint8Array = new Uint8Array()
  try {
    // Copied, so that nobody changes a key under us.
    bytes = typeof key === 'string' ? base64url.decode(key) : Uint8Array.from(key)
  } catch {
    // Of the wrong length, then. The text is a secret: it must not travel in a message or a cause.
  }
  need(bytes.length === 32, 'each of keys must be 32 random bytes, or their base64url text')
  return bytes
}
