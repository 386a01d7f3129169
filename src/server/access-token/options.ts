import { isRecord } from '../../core/claims.ts'
import { createProofReader, type ReadProof } from '../http/dpop.ts'
import { problem } from '../http/problem.ts'
import { createProviderKeys } from '../provider/keys.ts'
import { knownOptions } from '../setup/known-options.ts'
import { isText, type Need, needFor } from '../setup/need.ts'
import { checkNames } from '../setup/provider-options.ts'
import { readPublicUrl } from '../setup/public-url.ts'
import {
  type SharedOptions,
  type SharedSetup,
  setUpShared,
  sharedOptionNames,
} from '../setup/shared-options.ts'
import { createIntrospector } from './introspection.ts'
import { type IntrospectionOptions, setUpIntrospection } from './introspection-options.ts'
import { createJwtReader, isJwt, type ReadAccessToken } from './jwt.ts'

/** How an access token guard is set up. All times are in seconds. */
export interface AccessTokenGuardOptions extends SharedOptions {
  /**
   * The name of this API, as the OP writes it into a token's `aud`. If the profile's `audienceClaim` is `client_id`,
   * tokens name no API: give the id of the app's client then. A token that has an `aud` as well must have the same name
   * there.
   */
  readonly audience: string
  /**
   * Whether to accept JWTs whose `typ` is `JWT` or absent too, for OPs that do not follow RFC 9068 §2.1. A token of any
   * other type than these and `at+jwt` never passes. Default: false.
   *
   * Only the claims then tell such a token from an ID Token. So it must not have the claims of an ID Token (`nonce`,
   * `at_hash`, …), and `audience` must not be the id of any client. If the profile has `isAccessToken`, that function
   * decides about such JWTs, and this option has no effect.
   */
  readonly acceptPlainJwt?: boolean
  /**
   * Whether to accept only tokens that are bound to a DPoP key. A bound token needs its proof in any case. Needs
   * `publicUrl`, or an `audience` that is a URL. Default: false.
   */
  readonly requireDpop?: boolean
  /** How to ask the OP about opaque tokens, i.e. tokens that are no JWTs. Default: opaque tokens are refused. */
  readonly introspection?: IntrospectionOptions
}

const optionNames: readonly (keyof AccessTokenGuardOptions)[] = [
  ...sharedOptionNames,
  ...(['audience', 'acceptPlainJwt', 'requireDpop', 'introspection'] as const),
]

/** The options with every default filled in, and what is built from them. */
export interface AccessTokenSetup extends SharedSetup {
  readonly read: ReadAccessToken
  readonly readProof: ReadProof
  readonly requireDpop: boolean
}

/** Checks the options and builds what the guard needs. @throws {ConfigurationError} */
export function setUpAccessTokenGuard(options: AccessTokenGuardOptions): AccessTokenSetup {
  const need: Need = needFor('createAccessTokenGuard')
  need(isRecord(options), 'the options must be an object')
  knownOptions(need, options, optionNames)
  const shared = setUpShared(options, need)
  const { audience, introspection, acceptPlainJwt = false, requireDpop = false, publicUrl } = options
  need(isText(audience), 'audience is missing: this API, as the OP spells it in a token’s aud')
  need(typeof acceptPlainJwt === 'boolean', 'acceptPlainJwt must be a boolean')
  need(typeof requireDpop === 'boolean', 'requireDpop must be a boolean')
  const expectedUrl = readPublicUrl(publicUrl, audience, need)
  need(!requireDpop || expectedUrl !== undefined, 'requireDpop needs publicUrl, or an audience that is a URL')

  const { audienceClaim = 'aud' } = shared.profile
  const { accessTokenIssuers, clockSkew, iatLag } = shared
  checkNames(accessTokenIssuers, options, need)
  const expected = { audience, audienceClaim, accessTokenIssuers, clockSkew, iatLag }
  const { find: getKey } = createProviderKeys(shared)
  const readJwt = createJwtReader({ ...shared, ...expected, acceptPlainJwt, getKey })
  const introspect =
    introspection === undefined
      ? refuseOpaque
      : createIntrospector(setUpIntrospection(introspection, expected, shared))
  return {
    ...shared,
    read: token => (isJwt(token) ? readJwt : introspect)(token),
    readProof: createProofReader({ ...shared, audience, prefix: 'dpop-at', expectedUrl }),
    requireDpop,
  }
}

const refuseOpaque: ReadAccessToken = async () => ({
  problem: problem('the token', 'is no JWT, see the option introspection'),
})
