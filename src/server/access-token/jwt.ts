import { type CompactVerifyGetKey, decodeProtectedHeader } from 'jose'
import type { JoseHeader } from '../../core/claims.ts'
import { missing, type Problem, problem } from '../http/problem.ts'
import { isUnavailable } from '../http/refusal.ts'
import { signatureProblem, verifySignature } from '../provider/verify-signature.ts'
import type { TokenRule } from '../setup/token-rule.ts'
import type { Claims } from './introspection-cache.ts'
import { type AccessTokenExpectation, claimsProblem, namesAudience } from './token-claims.ts'

/** The claims of a token that is good now, or what is wrong with it. */
export type Reading = { readonly claims: Claims } | { readonly problem: Problem }

/** Reads an access token. */
export type ReadAccessToken = (token: string) => Promise<Reading>

/** What a JWT access token must agree with, and where the OP's keys are. */
export interface JwtAccessTokenOptions extends AccessTokenExpectation {
  readonly acceptPlainJwt: boolean
  /** What tells an access token from the OP's other JWTs, where `typ` does not. Where it is there, it has the last word. */
  readonly isAccessToken: TokenRule | undefined
  readonly getKey: CompactVerifyGetKey
  /** Epoch seconds. */
  readonly now: () => number
}

// The claims that mark other tokens that an OP signs: ID Tokens (OpenID Connect Core §2, §3.3.2.11), logout tokens
// (Back-Channel Logout §2.4). Some OPs put those of ID Tokens into access tokens, so a profile's rule goes before those.
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events']

/** Whether the text is a signed JWT, by its form alone. */
export function isJwt(token: string): boolean {
  try {
    return token.split('.').length === 3 && decodeProtectedHeader(token).alg !== undefined
  } catch {
    return false
  }
}

/**
 * Verifies JWT access tokens: `typ`, signature, `iss`, audience, `exp`, `nbf`, `iat`. No network is used for a token
 * whose header already rules it out. Person, binding (`cnf`), scope and freshness are *not* judged.
 *
 * The function throws a 503 `Refusal` when the OP's keys cannot be fetched.
 *
 * @see RFC 9068 §2.1, §4; RFC 8725 §3.11, §3.12
 */
export function createJwtReader(options: JwtAccessTokenOptions): ReadAccessToken {
  const { acceptPlainJwt, isAccessToken, getKey } = options
  const mayBePlain = acceptPlainJwt || isAccessToken !== undefined

  /** What is wrong with the kind of a token; null when it is an access token. */
  function kindProblem(header: JoseHeader, claims: Claims): Problem | null {
    if (typeOf(header) === 'at+jwt') return null
    const foreign = (isAccessToken ? ['events'] : foreignClaims).find(claim => claim in claims)
    if (foreign !== undefined) return problem(foreign, 'is a claim of other tokens, such as ID Tokens')
    if (!isAccessToken || isAccessToken(claims, { ...header })) return null
    return problem('the token', 'is no access token, says isAccessToken of the provider')
  }

  return async token => {
    const now = options.now()
    try {
      const header = decodeProtectedHeader(token)
      const wrongType = typeProblem(header, mayBePlain)
      if (wrongType !== null) return { problem: wrongType }
      const claims = await verifySignature(token, getKey)
      if (!namesAudience(claims, options)) return { problem: missing(options.audienceClaim, hint(options)) }
      const wrong = claimsProblem(claims, options, ['iss', 'exp', 'iat'], now) ?? kindProblem(header, claims)
      return wrong === null ? { claims } : { problem: wrong }
    } catch (error) {
      if (isUnavailable(error)) throw error
      return { problem: signatureProblem(error) }
    }
  }
}

const hint = ({ audienceClaim }: AccessTokenExpectation): string =>
  audienceClaim === 'aud' ? ', see audienceClaim of the provider' : ''

function typeOf({ typ }: JoseHeader): string | undefined {
  return typ === undefined
    ? undefined
    : String(typ)
        .toLowerCase()
        .replace(/^application\//, '')
}

/** A token that says that it is of another type is never an access token, whatever its claims. */
function typeProblem(header: JoseHeader, mayBePlain: boolean): Problem | null {
  const type = typeOf(header)
  if (type === 'at+jwt') return null
  if (type !== undefined && type !== 'jwt') return problem('typ', 'is not at+jwt', header.typ)
  if (mayBePlain) return null
  return problem('typ', 'is not at+jwt, see the options acceptPlainJwt and provider', header.typ)
}
