import { isRecord } from '../../core/claims.ts'
import { genericProfile, type ProviderProfile } from '../../core/provider-profile.ts'
import { parseUrl } from '../http/url.ts'
import { type DiscoverySource, isUrlOfOp } from '../provider/discovery.ts'
import { checkProfile } from './check-profile.ts'
import { isOptionalFunction, type Need } from './need.ts'
import { createRuleReport, type RuleReporting } from './rule.ts'
import { createSubjects, type Subjects } from './subject.ts'
import { createTokenRule, type TokenRule } from './token-rule.ts'

/** How this OP differs from others. Each of these options overrides what the profile in `provider` says. */
export interface ProviderOptions {
  /**
   * A profile of `afresh/providers`: what this OP does in its own way. Give the same one to the client. Default:
   * `generic()`.
   *
   * - Both guards read its `metadataUrl`, `issuers`, `iatLag`, `acrClaim` and `subjectOf`.
   * - A freshness guard also reads `trustedAudiences`, `localIdp`, `authTime` and `noStepUp`, and with a `stepUpClient`
   *   `stepUpPrompt`, `maxAge` and `authorizationParams`.
   * - An access token guard also reads `audienceClaim`, `accessTokenIssuers` and `isAccessToken`.
   */
  readonly provider?: ProviderProfile | undefined
  /**
   * The URL of the discovery document: https, or http on localhost if the issuer is there too. The `issuer` in the
   * document must equal the option `issuer` letter by letter, also if that is a template. The host of this URL is *not*
   * checked. Whoever serves the document chooses the keys that tokens are verified with. Default: the profile's, else
   * the URL that belongs to the issuer (OpenID Connect Discovery 1.0 §4).
   */
  readonly metadataUrl?: string | undefined
  /**
   * The content of the discovery document. With it the document is not fetched, and `metadataUrl` is not used. Default:
   * the document is fetched. Only these members are read:
   *
   * - `issuer`, which must equal the option `issuer`;
   * - `jwks_uri`;
   * - `introspection_endpoint`, for a guard with `introspection`;
   * - for a `stepUpClient`: `pushed_authorization_request_endpoint`, `token_endpoint`,
   *   `authorization_response_iss_parameter_supported`, `response_modes_supported` and `claims_parameter_supported`.
   */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /**
   * Names the person, from the claims of an ID Token or of an access token. It is needed if the two tokens have
   * different `sub` for one person. The name must be text that never changes and that no other person ever gets. Claims
   * are refused as `invalid_token` if it gives no text for them, or throws. It is also called with claims that are
   * *not* verified yet; these are accepted only after they are verified. Challenges, grants and the store know people
   * by this name, so give both guards of an app the same function. Default: the profile's, else `sub`.
   *
   * @param claims the claims of the token
   * @param token which token they are from
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
