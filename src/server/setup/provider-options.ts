import { isRecord } from '../../core/claims.ts'
import { genericProfile, type ProviderProfile } from '../../core/provider-profile.ts'
import { parseUrl } from '../http/url.ts'
import { type DiscoverySource, isUrlOfOp } from '../provider/discovery.ts'
import { isOptionalFunction, isOptionalWords, isText, isWholeNumber, type Need } from './need.ts'
import { answerOf, createRuleReport, type ReportRule, type RuleReporting } from './rule.ts'
import { createSubjects, type Subjects } from './subject.ts'

/** The options that say how this OP differs. Each of them goes before the profile's. */
export interface ProviderOptions {
  /**
   * What the OP does in its own way: a profile of `afresh/providers`, the same as the client's. The guards read its
   * `metadataUrl`, `issuers`, `iatLag`, `acrClaim` and `subjectOf`; a freshness guard its `trustedAudiences`, `localIdp`,
   * `authTime` and `noStepUp` too, and an access token guard its `audienceClaim`, `accessTokenIssuers` and `isAccessToken`.
   * Default: `generic()`.
   */
  readonly provider?: ProviderProfile | undefined
  /**
   * Where the discovery document is: https, or http on localhost where the issuer is there too. What it says of its
   * issuer must be `issuer`, to the letter, also where that is a template. It is *not* checked whose host that is: who
   * serves the document names the keys that tokens are verified with. Default: the profile's, else at the issuer (OpenID
   * Connect Discovery 1.0 §4).
   */
  readonly metadataUrl?: string | undefined
  /**
   * What the discovery document says, so that it is not fetched: `issuer` (which must be the option of that name),
   * `jwks_uri`, and `introspection_endpoint` where tokens are introspected. Nothing else is read. It goes before
   * `metadataUrl`. Default: it is fetched.
   */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /**
   * The person's name in the claims of an ID Token or an access token, where the two have different `sub`. It must be
   * text that never changes and is never given to another person; claims that give none, or make it throw, are refused
   * as `invalid_token`. It is called with claims that are *not* verified as well, and they pass only when they are
   * verified later. Challenges, grants and the store know people by this name, so both guards of an app must have the
   * same. Default: the profile's, else `sub`.
   */
  readonly subjectOf?: ProviderProfile['subjectOf'] | undefined
}

/** The names of those options. */
export const providerOptionNames: readonly (keyof ProviderOptions)[] = [
  'provider',
  'metadataUrl',
  'metadata',
  'subjectOf',
]

/** What the guards know of the OP, with every default filled in. */
export interface ProviderSetup extends DiscoverySource {
  readonly profile: ProviderProfile
  /** The issuers that ID Tokens may name. */
  readonly issuers: readonly string[]
  /** The issuers that access tokens may name. */
  readonly accessTokenIssuers: readonly string[]
  /** Seconds to add to an `iat`. */
  readonly iatLag: number
  readonly acrClaim: ProviderProfile['acrClaim']
  readonly subjects: Subjects
  /** What tells an access token from an ID Token where its header does not; undefined where nothing does. */
  readonly isAccessToken: TokenRule | undefined
}

/** Judges the claims and the header of a JWT that the OP signed. */
export type TokenRule = (claims: Claims, header: Claims) => boolean

type Claims = Readonly<Record<string, unknown>>

type Given = ProviderOptions & { readonly issuer: string; readonly jwksUri?: string | undefined }

/** Checks the options about the OP and fills in the defaults. @throws {ConfigurationError} */
export function setUpProvider(options: Given, reporting: RuleReporting, need: Need): ProviderSetup {
  const { issuer, provider: profile = genericProfile, metadata, jwksUri } = options
  checkProfile(profile, need)
  const { issuers = [issuer], iatLag = 0, acrClaim, isAccessToken } = profile
  const { accessTokenIssuers = issuers } = profile
  const metadataUrl = options.metadataUrl ?? profile.metadataUrl
  need(
    metadataUrl === undefined || isUrlOfOp(parseUrl(metadataUrl), issuer),
    'metadataUrl must be https, or http on localhost where the issuer is there too',
  )
  checkMetadata(options, need)
  const isTemplate = /[{}]/.test(issuer)
  need(
    !isTemplate || profile.issuers !== undefined,
    `issuer "${issuer}" is a template: the provider must list the issuers that tokens may name, as entra({ tenants }) does`,
  )
  need(
    !isTemplate || (metadataUrl ?? metadata ?? jwksUri) !== undefined,
    `issuer "${issuer}" is a template: say where the discovery document is (metadataUrl)`,
  )
  need(isOptionalFunction(options.subjectOf), 'subjectOf must be a function')
  const subjectOf = options.subjectOf ?? profile.subjectOf
  return {
    ...{ issuer, metadataUrl, metadata: metadata && { ...metadata }, profile },
    // Copied, so that a list that the caller changes later allows nothing more.
    ...{ issuers: [...issuers], accessTokenIssuers: [...accessTokenIssuers], iatLag, acrClaim },
    subjects: createSubjects(subjectOf, createRuleReport('subjectOf', reporting)),
    isAccessToken: isAccessToken && tokenRule(isAccessToken, createRuleReport('isAccessToken', reporting)),
  }
}

/** Only `true` counts. A rule that throws says no, and is no news: the claims may be of any token of the OP. */
function tokenRule(rule: TokenRule, report: ReportRule): TokenRule {
  return (claims, header) => {
    try {
      return answerOf(rule(claims, { ...header }), report) === true
    } catch {
      return false
    }
  }
}

/**
 * A `sub` is unique at one issuer only, so people of several need a rule that names them.
 *
 * @param issuers those that the guard's tokens may name
 * @throws {ConfigurationError}
 */
export function checkNames(
  issuers: readonly string[],
  { subjectOf, provider }: ProviderOptions,
  need: Need,
): void {
  need(
    issuers.length === 1 || (subjectOf ?? provider?.subjectOf) !== undefined,
    'tokens of several issuers need subjectOf: two people may have the same sub, one at each',
  )
}

function checkProfile(profile: ProviderProfile, need: Need): void {
  need(isRecord(profile), 'provider must be a profile, such as generic() of afresh/providers')
  const { name, refusal, issuers, accessTokenIssuers, iatLag, acrClaim, authTime, audienceClaim } = profile
  need(isText(name), 'provider must be a profile with a name')
  need(refusal === undefined, `${name} cannot be used: ${refusal}`)
  for (const list of [issuers, accessTokenIssuers]) {
    need(isOptionalWords(list), 'provider: issuers and accessTokenIssuers must be lists, not empty')
  }
  need(iatLag === undefined || isWholeNumber(iatLag, 0, 3_600), 'provider: iatLag must be whole seconds')
  const claims = [undefined, 'voluntary', 'essential', 'acrs', 'none']
  need(claims.includes(acrClaim), 'provider: acrClaim must be a word of ProviderProfile')
  const times = [undefined, 'always', 'requested', 'login', 'person', 'unknown']
  need(times.includes(authTime), 'provider: authTime must be a word of ProviderProfile')
  need(
    [undefined, 'aud', 'client_id'].includes(audienceClaim),
    'provider: audienceClaim must be aud or client_id',
  )
  for (const rule of ['localIdp', 'subjectOf', 'isAccessToken'] as const) {
    need(isOptionalFunction(profile[rule]), `provider: ${rule} must be a function`)
  }
}

function checkMetadata({ issuer, metadata, jwksUri }: Given, need: Need): void {
  if (metadata === undefined) return
  need(isRecord(metadata), 'metadata must be an object: what the discovery document says')
  need(metadata.issuer === issuer, 'metadata is of another issuer than the option issuer')
  need(
    jwksUri !== undefined || isUrlOfOp(parseUrl(metadata.jwks_uri), issuer),
    'metadata names no https jwks_uri',
  )
}
