import type { AuthorizationParams } from '../core/authorization-params.ts'
import { defined } from '../core/defined.ts'
import type { Ladder, Rung } from '../core/machine/interaction.ts'
import { genericProfile, type ProviderProfile, type TrustedAudiences } from '../core/provider-profile.ts'
import { refusalOf } from '../core/refusals.ts'
import { isUrlOfOp } from '../core/web-url.ts'
import type { Page } from '../op/browser.ts'
import { checkParameters } from '../op/extra-parameters.ts'
import { readMetadata } from '../op/metadata.ts'
import { checkProfile } from './check-profile.ts'
import { defaults } from './defaults.ts'
import { ladderFor } from './interaction-ladder.ts'
import { checkNames } from './known-options.ts'
import type { Logger } from './log-events.ts'
import { check, oneOf, seconds, someOf, webAddress } from './option-checks.ts'
import { checkShapes } from './option-shapes.ts'
import type { AuthClientOptions } from './options.ts'
import { apisOf, type ResolvedApi, resourceOf } from './resolve-apis.ts'
import type { Triggers } from './step-up/trigger-options.ts'

export type { ResolvedApi }

/** Without absent and undefined members. */
type Filled<T> = { readonly [Name in keyof T]-?: NonNullable<T[Name]> }

export interface ResolvedOptions {
  readonly issuer: string
  /** Those that tokens and answers may name: `issuer` alone, unless the profile lists others. */
  readonly issuers: readonly string[]
  readonly clientId: string
  readonly scope: string
  readonly callbackUrl: string
  readonly profile: ProviderProfile
  readonly freshnessEndpoint: string | null
  /** Of the freshness endpoint. */
  readonly guardOrigin: string | null
  readonly authorizationParams: AuthorizationParams | undefined
  readonly resource: string | undefined
  readonly acrValues: readonly string[] | undefined
  readonly prompt: string | undefined
  readonly trustedAudiences: TrustedAudiences | undefined
  /** Absolute. */
  readonly metadataUrl: string | undefined
  readonly metadata: Readonly<Record<string, unknown>> | undefined
  readonly userInfo: boolean
  readonly apis: readonly ResolvedApi[]
  readonly interaction: () => Ladder
  readonly storage: 'memory' | 'session'
  readonly tabs: 'shared' | 'isolated'
  readonly renewal: Filled<NonNullable<AuthClientOptions['renewal']>>
  readonly idTokenSignature: 'server' | 'browser'
  readonly dpop: boolean
  readonly session: { readonly idle?: number; readonly absolute?: number; readonly warnBefore: number }
  readonly triggers: Triggers | undefined
  readonly uiLocales: () => string | undefined
  readonly onAccountChange: AuthClientOptions['onAccountChange']
  readonly rememberAccounts: number
  readonly clockSkew: number
  readonly timeLimit: number
  readonly logger: Logger | undefined
}

/** What the options are completed from: the page's origin at once, the rest when it is needed. */
type PageFacts = Pick<Page, 'origin' | 'lang' | 'userAgent' | 'isInstalled'>

/**
 * Fills in the defaults.
 *
 * @throws {ConfigurationError} naming the option that is wrong, or does not exist; when no browser app can use this OP; or
 * when `metadata` says so
 */
export function resolveOptions(options: AuthClientOptions, page: PageFacts): ResolvedOptions {
  checkNames(options)
  checkShapes(options)
  checkParameters(options.authorizationParams)
  const { issuer, clientId, uiLocales = () => page.lang } = options
  check(webAddress(issuer) !== null, '`issuer` must be an absolute URL')
  check(Boolean(clientId), '`clientId` is missing')
  const callback = webAddress(options.callbackUrl ?? defaults.callbackUrl, page.origin)
  check(callback?.origin === page.origin, '`callbackUrl` must be a path or URL of this origin')
  const endpoint = options.freshness ? webAddress(options.freshness.endpoint, page.origin) : undefined
  check(endpoint !== null, '`freshness.endpoint` must be a URL, or a path of this origin')
  const profile = providerOf(options)
  const metadataUrl = options.metadataUrl ?? profile.metadataUrl
  check(
    metadataUrl === undefined || isUrlOfOp(metadataUrl, issuer),
    '`metadataUrl` must be an https URL (http only on this machine, and only if the issuer is http)',
  )
  check(
    options.acrValues === undefined || profile.acrClaim !== 'none',
    `\`acrValues\` cannot be had from the provider (${profile.name}): it reports no acr`,
  )
  checkTemplate(issuer, profile, (metadataUrl ?? options.metadata) !== undefined)
  if (options.metadata) readMetadata(options.metadata, { issuer, metadataUrl, profile })
  return {
    issuer,
    issuers: profile.issuers ?? [issuer],
    clientId,
    scope: scopeOf(options.scope ?? profile.scope ?? defaults.scope),
    callbackUrl: callback.href,
    profile,
    freshnessEndpoint: endpoint?.href ?? null,
    guardOrigin: endpoint?.origin ?? null,
    authorizationParams: options.authorizationParams,
    resource: resourceOf(options, profile),
    acrValues: options.acrValues,
    prompt: promptOf(options.prompt),
    trustedAudiences: options.trustedAudiences ?? profile.trustedAudiences,
    metadataUrl,
    metadata: options.metadata,
    userInfo: options.userInfo ?? profile.userInfo ?? false,
    apis: apisOf(options, profile, page.origin),
    interaction: ladderOf(options.interaction ?? (() => ladderFor(page))),
    storage: oneOf('storage', options.storage ?? defaults.storage, ['memory', 'session']),
    tabs: oneOf('tabs', options.tabs ?? defaults.tabs, ['shared', 'isolated']),
    renewal: renewalOf(options.renewal),
    idTokenSignature: oneOf('idTokenSignature', options.idTokenSignature ?? defaults.idTokenSignature, [
      'server',
      'browser',
    ]),
    dpop: options.dpop ?? defaults.dpop,
    session: limitsOf(options.session),
    triggers: options.triggers,
    uiLocales: typeof uiLocales === 'function' ? uiLocales : () => uiLocales,
    onAccountChange: options.onAccountChange,
    rememberAccounts: options.rememberAccounts ?? defaults.rememberAccounts,
    clockSkew: seconds('clockSkew', options.clockSkew ?? defaults.clockSkew, true),
    timeLimit: seconds('timeLimit', options.timeLimit ?? defaults.timeLimit),
    logger: options.logger,
  }
}

function providerOf(options: AuthClientOptions): ProviderProfile {
  const { provider: profile = genericProfile } = options
  checkProfile(profile)
  const refusal = refusalOf(options.issuer, profile)
  check(refusal === null, `no browser app can sign people in at this provider. ${refusal}`)
  check(
    profile.noStepUp === undefined || options.triggers === undefined,
    `\`triggers\` can only fail, since no step-up can be had at the provider (${profile.name}): ${profile.noStepUp}`,
  )
  return profile
}

/** There is no discovery document at such an issuer, and no token names it. */
function checkTemplate(issuer: string, { issuers }: ProviderProfile, hasDocument: boolean): void {
  if (!/[{}]/.test(issuer)) return
  check(
    issuers !== undefined,
    '`issuer` stands for many tenants: give a `provider` that lists theirs, as entra({ tenants }) does',
  )
  check(hasDocument, '`issuer` stands for many tenants: say by `metadataUrl` where the discovery document is')
}

/** With `none` no sign-in could ask the person. */
function promptOf(prompt: string | undefined): string | undefined {
  check(!prompt?.split(' ').includes('none'), '`prompt` cannot be none: a sign-in has to ask the person')
  return prompt
}

/** `openid` is always present (OpenID Connect Core §3.1.2.1). */
function scopeOf(text: string): string {
  return [...new Set(['openid', ...text.split(/\s+/).filter(Boolean)])].join(' ')
}

/** A function is asked each time, so what it says is checked each time. */
function ladderOf(interaction: NonNullable<AuthClientOptions['interaction']>): () => Ladder {
  const read = (rungs: readonly Rung[]): Ladder => {
    const [first, ...others] = someOf('interaction', rungs, ['popup', 'redirect'])
    check(first !== undefined, '`interaction` is empty')
    return [first, ...others]
  }
  if (typeof interaction === 'function') return () => read(interaction())
  const ladder = read(interaction)
  return () => ladder
}

function renewalOf({
  via,
  restore,
}: NonNullable<AuthClientOptions['renewal']> = {}): ResolvedOptions['renewal'] {
  return {
    via: someOf('renewal.via', via ?? defaults.renewVia, defaults.renewVia),
    restore: someOf('renewal.restore', restore ?? defaults.restore, defaults.restore),
  }
}

function limitsOf(session: AuthClientOptions['session'] = {}): ResolvedOptions['session'] {
  const limits = { warnBefore: defaults.warnBefore, ...defined(session) }
  for (const [name, limit] of Object.entries(limits)) seconds(`session.${name}`, limit)
  return limits
}
