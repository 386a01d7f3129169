import { isRecord } from '../../core/claims.ts'
import { parseUrl } from '../http/url.ts'
import { type DiscoverySource, isUrlOfOp } from '../provider/discovery.ts'
import type { ProviderAccess } from '../provider/fetch-json.ts'
import { knownOptions } from '../setup/known-options.ts'
import { isText, isWholeNumber, type Need, needFor } from '../setup/need.ts'
import type { SharedSetup } from '../setup/shared-options.ts'
import type { AccessTokenExpectation } from './token-claims.ts'

/** How to ask the OP about access tokens that are no JWTs (RFC 7662). */
export interface IntrospectionOptions {
  /** The client id of this API at the OP. */
  readonly clientId: string
  /** The client secret of this API at the OP. */
  readonly clientSecret: string
  /** How the client secret is sent (RFC 6749 §2.3.1). Default: `client_secret_basic`. */
  readonly clientAuthentication?: 'client_secret_basic' | 'client_secret_post'
  /**
   * The URL of the introspection endpoint: https, or http on localhost if the issuer is there too. Default: the one in
   * the discovery document.
   */
  readonly endpoint?: string
  /**
   * For how many seconds an answer is used again, 0 to 3,600, but never past the token's `exp`. A revoked token works
   * for that long. With `0`, the guard asks the OP every time. Default: 30.
   */
  readonly cacheTtl?: number
  /**
   * How many answers for good tokens to keep, 1 to 1,000,000. If there are more, the oldest goes. Other answers are
   * kept apart, 1,000 of them. Default: 10,000.
   */
  readonly maxCached?: number
  /**
   * How many questions to the OP may be open at once, 1 to 10,000. Tokens whose last answer was good are counted apart
   * from all others. Ten times as many questions may wait, for at most two seconds. If there are more, or one would
   * wait longer, the answer is a 503. Default: 100.
   */
  readonly maxConcurrent?: number
  /**
   * Whether an answer must have `aud`. `optional` accepts an answer without it, for an OP that looks at the asking
   * client to decide whether a token is for this API (RFC 7662 §4). Such an OP must also mark refresh tokens: as not
   * active, or by `token_use` or `token_type`. Otherwise a refresh token passes. Default: `required`.
   */
  readonly audience?: 'required' | 'optional'
}

/** What an introspector has to know, with every default filled in. */
export interface IntrospectorOptions
  extends ProviderAccess,
    DiscoverySource,
    AccessTokenExpectation,
    Required<Omit<IntrospectionOptions, 'endpoint' | 'audience'>> {
  readonly endpoint: string | undefined
  /** Whether an answer must name its audience. */
  readonly needsAudience: boolean
  /** Called with the reason why a question failed, at most once in 30 seconds. */
  readonly onError: (error: unknown) => void
}

const introspectionNames: readonly (keyof IntrospectionOptions)[] = [
  ...(['clientId', 'clientSecret', 'clientAuthentication', 'endpoint'] as const),
  ...(['cacheTtl', 'maxCached', 'maxConcurrent', 'audience'] as const),
]

/** Checks the options and fills in the defaults. @throws {ConfigurationError} */
export function setUpIntrospection(
  options: IntrospectionOptions,
  expected: AccessTokenExpectation,
  { issuer, metadata, metadataUrl, fetch, now, onError, onAnswer }: SharedSetup,
): IntrospectorOptions {
  const need: Need = needFor('createAccessTokenGuard: introspection')
  need(isRecord(options), 'must be an object with clientId and clientSecret')
  knownOptions(need, options, introspectionNames)
  const { clientId, clientSecret, clientAuthentication = 'client_secret_basic', endpoint } = options
  const { cacheTtl = 30, maxCached = 10_000, maxConcurrent = 100, audience = 'required' } = options
  need(isText(clientId) && isText(clientSecret), 'clientId and clientSecret are needed')
  need(
    ['client_secret_basic', 'client_secret_post'].includes(clientAuthentication),
    'clientAuthentication must be "client_secret_basic" or "client_secret_post"',
  )
  need(
    endpoint === undefined || isUrlOfOp(parseUrl(endpoint), issuer),
    'endpoint must be https, or http on localhost where the issuer is there too',
  )
  need(
    endpoint !== undefined ||
      metadata === undefined ||
      isUrlOfOp(parseUrl(metadata.introspection_endpoint), issuer),
    'endpoint is missing, and metadata names no https introspection_endpoint',
  )
  need(isWholeNumber(cacheTtl, 0, 3_600), 'cacheTtl must be whole seconds, 0 to 3,600')
  need(isWholeNumber(maxCached, 1, 1_000_000), 'maxCached must be a whole number, 1 to 1,000,000')
  need(isWholeNumber(maxConcurrent, 1, 10_000), 'maxConcurrent must be a whole number, 1 to 10,000')
  need(['required', 'optional'].includes(audience), 'audience must be "required" or "optional"')
  return {
    ...{ clientId, clientSecret, clientAuthentication, endpoint, cacheTtl, maxCached, maxConcurrent },
    ...{ issuer, metadata, metadataUrl, fetch, now, onError, onAnswer },
    ...{ ...expected, needsAudience: audience === 'required' },
  }
}
