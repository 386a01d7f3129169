import { missing, type Problem, problem } from '../http/problem.ts'
import { timesProblem } from '../http/times-problem.ts'
import type { Claims } from './introspection-cache.ts'

/** What the claims of an access token must agree with. Times in seconds. */
export interface AccessTokenExpectation {
  /** The issuers that `iss` may name. */
  readonly accessTokenIssuers: readonly string[]
  /** This API, or where `audienceClaim` says so the app's client. */
  readonly audience: string
  readonly audienceClaim: 'aud' | 'client_id'
  readonly clockSkew: number
  /** By how much the OP dates `iat` back. */
  readonly iatLag: number
}

/** The claims that a token must have, besides those that name its audience. */
export type RequiredClaims = readonly ('iss' | 'exp' | 'iat')[]

/**
 * Checks that a token is good for this API, and now: `iss`, the audience, `exp`, `nbf` and `iat`, each where it is
 * there. Who vouches for the claims is the caller's business; person, binding, scope and freshness are *not* judged.
 *
 * @param now epoch seconds
 * @returns what is wrong, or null
 * @see RFC 9068 §4, RFC 7662 §2.2, RFC 7519 §4.1
 */
export function claimsProblem(
  claims: Claims,
  expected: AccessTokenExpectation,
  required: RequiredClaims,
  now: number,
): Problem | null {
  const { accessTokenIssuers } = expected
  const { iss } = claims
  const absent = required.find(claim => claims[claim] === undefined)
  if (absent !== undefined) return missing(absent)
  if (iss !== undefined && !accessTokenIssuers.includes(iss as string)) {
    return problem('iss', 'is not the issuer that the options issuer and provider have', iss)
  }
  return audienceProblem(claims, expected) ?? timesProblem(claims, expected, now)
}

/** Checks the audience, where the token names one. Whether it must is for `namesAudience`. */
function audienceProblem(
  claims: Claims,
  { audience, audienceClaim }: AccessTokenExpectation,
): Problem | null {
  const { aud, client_id } = claims
  if (aud !== undefined && ![aud].flat().includes(audience)) {
    // With `client_id` too: such a token is for another API of the same client.
    return problem('aud', 'does not name this API, see the option audience', aud)
  }
  if (audienceClaim === 'client_id' && client_id !== undefined && client_id !== audience) {
    return problem('client_id', 'is not the client that the option audience names', client_id)
  }
  return null
}

/** Whether the claim that names a token's audience is there. */
export function namesAudience(claims: Claims, { audienceClaim }: AccessTokenExpectation): boolean {
  return claims[audienceClaim] !== undefined
}
