import type { Account } from '../core/account.ts'
import { ConfigurationError } from '../core/errors.ts'
import { genericProfile, type ProviderProfile } from '../core/provider-profile.ts'
import type { AuthLogEvent } from './log.ts'
import type { Triggers } from './step-up/triggers.ts'

/** Ways to show something to a person, in order of preference. */
export type Ladder = readonly ('popup' | 'redirect')[]

/** One person after another in the same page, or in the same browser. */
export interface AccountChange {
  readonly from: Account | null
  readonly to: Account
}

/** What an app says about itself. All durations in seconds. */
export interface AuthClientOptions {
  /** The OP's issuer identifier, exactly as its discovery document spells it. */
  readonly issuer: string
  readonly clientId: string
  /** Default: `openid profile email`, or what the `provider` has instead; `openid` is always present. */
  readonly scope?: string
  /** The page that runs `afresh/callback`, of this origin. Default: `/auth/callback.html`. */
  readonly callbackUrl?: string
  /** What the OP can do, and how. Default: `generic()`. */
  readonly provider?: ProviderProfile
  /** The backend's freshness endpoint. Without it `stepUp` throws: freshness belongs to a backend. */
  readonly freshness?: { readonly endpoint: string }
  /** Where `client.fetch` sends tokens: origins such as `https://api.example.com`. Default: the own origin only. */
  readonly api?: { readonly origins: readonly string[] }
  /**
   * How anything that a person must see is shown, in order of preference; a function is asked each time, say for
   * redirects on small screens. Default: `['popup', 'redirect']`.
   */
  readonly interaction?: Ladder | (() => Ladder)
  /**
   * Where tokens are. `memory`: in this page, gone with it. `session`: in this tab's sessionStorage too, where code
   * injected into the page finds them even later. Default: `memory`.
   */
  readonly storage?: 'memory' | 'session'
  /** Whether the tabs of one browser share one session. Default: `shared`. */
  readonly tabs?: 'shared' | 'isolated'
  /** How the session is kept alive, and how it is found again when the page loads; in order. Default: everything. */
  readonly renewal?: {
    readonly via?: readonly ('refresh' | 'iframe')[]
    readonly restore?: readonly ('tabs' | 'iframe' | 'top-level')[]
  }
  /**
   * Who verifies the signatures of ID Tokens. `server`: the backend, for each that it is shown; here the token
   * endpoint's TLS vouches for them (OpenID Connect Core §3.1.3.7 item 6). `browser`: this page too, with code that is
   * loaded for it. Default: `server`.
   */
  readonly idTokenSignature?: 'server' | 'browser'
  /**
   * Whether tokens are bound to a key of this browser, so that a stolen one is of no use elsewhere (RFC 9449). The key
   * is in IndexedDB, one for all tabs, cannot be read out, and goes when the person signs out (not with `isolated`
   * tabs, whose sessions it outlives). OP and APIs must take DPoP, and on another origin allow the `DPoP` request
   * header and expose `DPoP-Nonce` and `WWW-Authenticate`. Default: false.
   */
  readonly dpop?: boolean
  /**
   * Limits of the session, in seconds: without a sign of life, and since the person signed in; and how long before it
   * ends the person is warned (default: 60). Default: none but the OP's.
   */
  readonly session?: { readonly idle?: number; readonly absolute?: number; readonly warnBefore?: number }
  /** When to ask the backend whether the person must sign in again (`freshness.endpoint`). Default: never. */
  readonly triggers?: Triggers
  /**
   * The language of the OP's pages: BCP 47 tags, separated by spaces; a function is asked each time. Default: the `lang`
   * of this page's `<html>`, if it has one.
   */
  readonly uiLocales?: string | (() => string | undefined)
  /**
   * Called before another person's session is shown, to empty what the app keeps of the former one. Nobody is signed in
   * meanwhile, and nobody is afterwards if it throws or takes longer than `timeLimit`. `from` is null when this page does
   * not know any more who that was, as after a reload: then a hash of the `sub` in localStorage tells that it is somebody
   * else. It is not called for a sign-out.
   */
  readonly onAccountChange?: (change: AccountChange) => void | Promise<void>
  /** How many accounts this browser remembers for the chooser, at most. In localStorage, without tokens. Default: 0. */
  readonly rememberAccounts?: number
  /** How far the clocks of browser and OP may differ. Default: 30. */
  readonly clockSkew?: number
  /** How long one request to the OP or the backend may take. Default: 10. */
  readonly timeLimit?: number
  /** Hears what the client does. No event holds a token, a code or a verifier. */
  readonly logger?: (event: AuthLogEvent) => void
}

export interface ResolvedOptions {
  readonly issuer: string
  readonly clientId: string
  readonly scope: string
  readonly callbackUrl: string
  readonly profile: ProviderProfile
  readonly freshnessEndpoint: string | null
  /** Of the freshness endpoint. */
  readonly guardOrigin: string | null
  readonly apiOrigins: readonly string[]
  readonly interaction: () => Ladder
  readonly storage: 'memory' | 'session'
  readonly tabs: 'shared' | 'isolated'
  readonly renewal: Required<NonNullable<AuthClientOptions['renewal']>>
  readonly idTokenSignature: 'server' | 'browser'
  readonly dpop: boolean
  readonly session: NonNullable<AuthClientOptions['session']>
  readonly triggers: Triggers | undefined
  readonly uiLocales: () => string | undefined
  readonly onAccountChange: AuthClientOptions['onAccountChange']
  readonly rememberAccounts: number
  readonly clockSkew: number
  readonly timeLimit: number
  readonly logger: ((event: AuthLogEvent) => void) | undefined
}

/** Fills in the defaults. @throws {ConfigurationError} naming the option that is wrong */
export function resolveOptions(options: AuthClientOptions): ResolvedOptions {
  const { issuer, clientId, freshness, api, clockSkew = 30, timeLimit = 10 } = options
  const { interaction = ['popup', 'redirect'], callbackUrl = '/auth/callback.html' } = options
  const { uiLocales = () => document.documentElement.lang || undefined } = options
  const { origin } = location
  const check = (good: boolean, what: string): void => {
    if (!good) throw new ConfigurationError(`createAuthClient: ${what}`)
  }
  const callback = new URL(callbackUrl, origin)
  check(webAddress(issuer) !== null, '`issuer` must be an absolute URL')
  check(Boolean(clientId), '`clientId` is missing')
  check(interaction.length > 0 || typeof interaction === 'function', '`interaction` is empty')
  check(clockSkew >= 0 && timeLimit > 0, '`clockSkew` and `timeLimit` must be seconds')
  check(
    Object.values(options.session ?? {}).every(limit => limit > 0),
    '`session` must be seconds',
  )
  check(callback.origin === origin, '`callbackUrl` must be of this origin')
  const apiOrigins = (api?.origins ?? [origin]).map(text => {
    check(isOrigin(text), `\`api.origins\`: "${text}" is not an origin such as https://api.example.com`)
    return new URL(text).origin
  })
  const endpoint = freshness ? webAddress(freshness.endpoint, origin) : undefined
  check(endpoint !== null, '`freshness.endpoint` must be a URL, or a path of this origin')
  const { provider: profile = genericProfile } = options
  const { scope = profile.scope ?? 'profile email' } = options
  const scopes = new Set(['openid', ...scope.split(/\s+/).filter(Boolean)])
  return {
    issuer,
    clientId,
    scope: [...scopes].join(' '),
    callbackUrl: callback.href,
    profile,
    freshnessEndpoint: endpoint?.href ?? null,
    guardOrigin: endpoint?.origin ?? null,
    apiOrigins,
    interaction: typeof interaction === 'function' ? interaction : () => interaction,
    storage: options.storage ?? 'memory',
    tabs: options.tabs ?? 'shared',
    renewal: { via: ['refresh', 'iframe'], restore: ['tabs', 'iframe', 'top-level'], ...options.renewal },
    idTokenSignature: options.idTokenSignature ?? 'server',
    dpop: options.dpop ?? false,
    session: options.session ?? {},
    triggers: options.triggers,
    uiLocales: typeof uiLocales === 'function' ? uiLocales : () => uiLocales,
    onAccountChange: options.onAccountChange,
    rememberAccounts: options.rememberAccounts ?? 0,
    clockSkew,
    timeLimit,
    logger: options.logger,
  }
}

/** An http or https URL, or null. */
function webAddress(text: string, base?: string): URL | null {
  if (!URL.canParse(text, base)) return null
  const url = new URL(text, base)
  return /^https?:$/.test(url.protocol) ? url : null
}

/** Scheme, host and port, and at most a slash behind them. */
function isOrigin(text: string): boolean {
  const url = webAddress(text)
  return url !== null && url.href === `${url.origin}/` && !/[?#*]/.test(text)
}
