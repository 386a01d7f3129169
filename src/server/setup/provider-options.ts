import { isRecord } from '../../core/claims.ts'
import { genericProfile, type ProviderProfile } from '../../core/provider-profile.ts'
import { parseUrl } from '../http/url.ts'
import { type DiscoverySource, isUrlOfOp } from '../provider/discovery.ts'
import { checkProfile } from './check-profile.ts'
import { isOptionalFunction, type Need } from './need.ts'
import { createRuleReport, type RuleReporting } from './rule.ts'
import { createSubjects, type Subjects } from './subject.ts'
import { createTokenRule, type TokenRule } from './token-rule.ts'

/** The options that say how this OP differs. Each of them goes before the profile's. */
export interface ProviderOptions {
  /**
   * What the OP does in its own way: a profile of `afresh/providers`, the same as the client's. The guards read its
   * `metadataUrl`, `issuers`, `iatLag`, `acrClaim` and `subjectOf`; a freshness guard its `trustedAudiences`, `localIdp`,
   * `authTime` and `noStepUp` too (with a `stepUpClient` also `stepUpPrompt`, `maxAge` and `authorizationParams`), and an access token guard its `audienceClaim`, `accessTokenIssuers` and `isAccessToken`.
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
   * `jwks_uri`, and `introspection_endpoint` where tokens are introspected. With a `stepUpClient` also
   * `pushed_authorization_request_endpoint`, `token_endpoint`, `authorization_response_iss_parameter_supported`,
   * `response_modes_supported` and `claims_parameter_supported`. Nothing else is read. It goes before `metadataUrl`.
   * Default: it is fetched.
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
    isAccessToken:
      isAccessToken && createTokenRule(isAccessToken, createRuleReport('isAccessToken', reporting)),
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

function checkMetadata({ issuer, metadata, jwksUri }: Given, need: Need): void {
  if (metadata === undefined) return
  need(isRecord(metadata), 'metadata must be an object: what the discovery document says')
  need(metadata.issuer === issuer, 'metadata is of another issuer than the option issuer')
  need(
    jwksUri !== undefined || isUrlOfOp(parseUrl(metadata.jwks_uri), issuer),
    'metadata names no https jwks_uri',
  )
}
