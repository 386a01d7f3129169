import { ConfigurationError } from '../core/errors.ts'
import { genericProfile, type ProviderProfile } from '../core/provider-profile.ts'
import type { AuthLogEvent } from './log.ts'

/** What an app says about itself. All durations in seconds. */
export interface AuthClientOptions {
  /** The OP's issuer identifier, exactly as its discovery document spells it. */
  readonly issuer: string
  readonly clientId: string
  /** Default: `openid profile email`; `openid` is always present. */
  readonly scope?: string
  /** The page that runs `afresh/callback`, of this origin. Default: `/auth/callback.html`. */
  readonly callbackUrl?: string
  /** What the OP can do, and how. Default: `generic()`. */
  readonly provider?: ProviderProfile
  /** The backend's freshness endpoint. Without it `stepUp` throws: freshness belongs to a backend. */
  readonly freshness?: { readonly endpoint: string }
  /** Where `client.fetch` sends tokens. Default: the own origin only. */
  readonly api?: { readonly origins: readonly string[] }
  /** How anything that a person must see is shown, in order of preference. Default: `['popup', 'redirect']`. */
  readonly interaction?: readonly ('popup' | 'redirect')[]
  /** Default: the browser's languages are not sent. */
  readonly uiLocales?: string
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
  readonly apiOrigins: readonly string[]
  readonly interaction: readonly ('popup' | 'redirect')[]
  readonly uiLocales: string | undefined
  readonly clockSkew: number
  readonly timeLimit: number
  readonly logger: (event: AuthLogEvent) => void
}

/** Fills in the defaults. @throws {ConfigurationError} naming the option that is wrong */
export function resolveOptions(options: AuthClientOptions): ResolvedOptions {
  const { issuer, clientId, freshness, api, clockSkew = 30, timeLimit = 10 } = options
  const { interaction = ['popup', 'redirect'], callbackUrl = '/auth/callback.html' } = options
  const { origin } = location
  const check = (good: boolean, what: string): void => {
    if (!good) throw new ConfigurationError(`createAuthClient: ${what}`)
  }
  const callback = new URL(callbackUrl, origin)
  check(URL.canParse(issuer), '`issuer` must be an absolute URL')
  check(Boolean(clientId), '`clientId` is missing')
  check(interaction.length > 0, '`interaction` must name "popup", "redirect" or both')
  check(clockSkew >= 0 && timeLimit > 0, '`clockSkew` and `timeLimit` must be seconds')
  check(callback.origin === origin, '`callbackUrl` must be a page of this origin')
  const scopes = new Set(['openid', ...(options.scope ?? 'profile email').split(/\s+/).filter(Boolean)])
  return {
    issuer,
    clientId,
    scope: [...scopes].join(' '),
    callbackUrl: callback.href,
    profile: options.provider ?? genericProfile,
    freshnessEndpoint: freshness ? new URL(freshness.endpoint, origin).href : null,
    apiOrigins: (api?.origins ?? [origin]).map(url => new URL(url, origin).origin),
    interaction,
    uiLocales: options.uiLocales,
    clockSkew,
    timeLimit,
    logger: options.logger ?? (() => {}),
  }
}
