import { ConfigurationError } from '../core/errors.ts'
import type { Ladder, Rung } from '../core/machine/interaction.ts'
import { genericProfile, type ProviderProfile } from '../core/provider-profile.ts'
import { defaults } from './defaults.ts'
import type { Logger } from './log.ts'
import type { AuthClientOptions } from './options.ts'
import type { Triggers } from './step-up/trigger-options.ts'

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
  readonly session: NonNullable<AuthClientOptions['session']> & { readonly warnBefore: number }
  readonly triggers: Triggers | undefined
  readonly uiLocales: () => string | undefined
  readonly onAccountChange: AuthClientOptions['onAccountChange']
  readonly rememberAccounts: number
  readonly clockSkew: number
  readonly timeLimit: number
  readonly logger: Logger | undefined
}

/**
 * Fills in the defaults.
 *
 * @param page the page's own origin, and the language of its `<html>`
 * @throws {ConfigurationError} naming the option that is wrong
 */
export function resolveOptions(
  options: AuthClientOptions,
  page: { readonly origin: string; readonly lang: () => string | undefined },
): ResolvedOptions {
  const { issuer, clientId, api, uiLocales = page.lang } = options
  const { clockSkew = defaults.clockSkew, timeLimit = defaults.timeLimit } = options
  check(webAddress(issuer) !== null, '`issuer` must be an absolute URL')
  check(Boolean(clientId), '`clientId` is missing')
  check(clockSkew >= 0 && timeLimit > 0, '`clockSkew` and `timeLimit` must be seconds')
  check(
    Object.values(options.session ?? {}).every(limit => limit > 0),
    '`session` must be seconds',
  )
  const callback = new URL(options.callbackUrl ?? defaults.callbackUrl, page.origin)
  check(callback.origin === page.origin, '`callbackUrl` must be of this origin')
  const endpoint = options.freshness ? webAddress(options.freshness.endpoint, page.origin) : undefined
  check(endpoint !== null, '`freshness.endpoint` must be a URL, or a path of this origin')
  const { provider: profile = genericProfile } = options
  return {
    issuer,
    clientId,
    scope: scopeOf(options.scope ?? profile.scope ?? defaults.scope),
    callbackUrl: callback.href,
    profile,
    freshnessEndpoint: endpoint?.href ?? null,
    guardOrigin: endpoint?.origin ?? null,
    apiOrigins: api ? api.origins.map(originOf) : [page.origin],
    interaction: ladderOf(options.interaction ?? defaults.interaction),
    storage: options.storage ?? defaults.storage,
    tabs: options.tabs ?? defaults.tabs,
    renewal: { via: defaults.renewVia, restore: defaults.restore, ...options.renewal },
    idTokenSignature: options.idTokenSignature ?? defaults.idTokenSignature,
    dpop: options.dpop ?? defaults.dpop,
    session: { warnBefore: defaults.warnBefore, ...options.session },
    triggers: options.triggers,
    uiLocales: typeof uiLocales === 'function' ? uiLocales : () => uiLocales,
    onAccountChange: options.onAccountChange,
    rememberAccounts: options.rememberAccounts ?? defaults.rememberAccounts,
    clockSkew,
    timeLimit,
    logger: options.logger,
  }
}

function check(isGood: boolean, what: string): asserts isGood {
  if (!isGood) throw new ConfigurationError(`createAuthClient: ${what}`)
}

/** `openid` is always present (OpenID Connect Core §3.1.2.1). */
function scopeOf(text: string): string {
  return [...new Set(['openid', ...text.split(/\s+/).filter(Boolean)])].join(' ')
}

/** A function is asked each time, so what it says is checked each time. */
function ladderOf(interaction: NonNullable<AuthClientOptions['interaction']>): () => Ladder {
  const read = ([first, ...others]: readonly Rung[]): Ladder => {
    check(first !== undefined, '`interaction` is empty')
    return [first, ...others]
  }
  if (typeof interaction === 'function') return () => read(interaction())
  const ladder = read(interaction)
  return () => ladder
}

/** Scheme, host and port, and at most a slash behind them. */
function originOf(text: string): string {
  const url = webAddress(text)
  const isOrigin = url !== null && url.href === `${url.origin}/` && !/[?#*]/.test(text)
  check(isOrigin, `\`api.origins\`: "${text}" is not an origin such as https://api.example.com`)
  return url.origin
}

/** An http or https URL, or null. */
function webAddress(text: string, base?: string): URL | null {
  if (!URL.canParse(text, base)) return null
  const url = new URL(text, base)
  return /^https?:$/.test(url.protocol) ? url : null
}
