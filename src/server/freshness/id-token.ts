import { type CompactVerifyGetKey, decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose'
import { type IdTokenClaims, parseClaims } from '../../core/claims.ts'
import { AuthError, IdTokenError } from '../../core/errors.ts'
import { checkIdTokenClaims, checkIdTokenHeader, type IdTokenExpectation } from '../../core/id-token.ts'
import { iatProblem } from '../http/iat-problem.ts'
import { type Problem, problem } from '../http/problem.ts'
import { denied, Refusal } from '../http/refusal.ts'
import { signatureProblem, verifySignature } from '../provider/verify-signature.ts'
import type { TokenRule } from '../setup/token-rule.ts'

/** What an ID Token must agree with, and where the OP's keys are. */
export interface IdTokenVerifierOptions extends Omit<IdTokenExpectation, 'now' | 'nonce'> {
  readonly findKey: CompactVerifyGetKey
  /** What tells an access token, where its header does not. Some OPs make it out to the client too. */
  readonly isAccessToken?: TokenRule | undefined
  /** Called with when each genuine token was issued: its `iat` and the OP's lag. Times in epoch seconds. */
  readonly onVerified: (issuedAt: number, now: number) => void
}

/** Gives the claims of a genuine ID Token for our client. Its expiry, its nonce and its freshness are *not* judged. */
export type VerifyIdToken = (token: string, now: number) => Promise<IdTokenClaims>

/**
 * Verifies ID Tokens that a browser sends. Only the signature vouches for those. No network is used for a token whose
 * header already rules it out.
 *
 * The function throws a `Refusal`: `invalid_token`, `clock_skew` for an `iat` in the future, or 503.
 *
 * @see OpenID Connect Core 1.0 §3.1.3.7
 */
export function createIdTokenVerifier(options: IdTokenVerifierOptions): VerifyIdToken {
  const { findKey, isAccessToken, onVerified, ...expected } = options
  const getKey: CompactVerifyGetKey = (header, token) => {
    checkIdTokenHeader(header)
    return findKey(header, token)
  }
  return async (token, now) => {
    try {
      const claims = parseClaims(await verifySignature(token, getKey))
      checkIdTokenClaims(claims, { ...expected, now })
      // Some OPs type a logout token as they type an ID Token (RFC 8417 §4.6: `events` tells them apart).
      if (claims.events !== undefined) throw denied('invalid_token', logoutToken)
      // APIs get access tokens. None of them may answer for the person with one.
      if (isAccessToken?.(claims, { ...decodeProtectedHeader(token) }))
        throw denied('invalid_token', accessToken)
      onVerified(issuedAt(claims, expected.iatLag), now)
      return claims
    } catch (error) {
      if (error instanceof Refusal) throw error
      const isFromFuture = error instanceof IdTokenError && error.claim === 'iat' && error.reason === 'future'
      if (isFromFuture) throw denied('clock_skew', iatProblem(undefined, expected.iatLag ?? 0))
      throw denied('invalid_token', problemOf(error))
    }
  }
}

const logoutToken = problem('events', 'is a claim of other tokens, such as logout tokens')
const accessToken = problem('the token', 'is an access token, says isAccessToken of the provider')

/** When an ID Token was issued, by the OP's clock, in epoch seconds. @param lag seconds by which it dates `iat` back */
export function issuedAt({ iat }: Pick<IdTokenClaims, 'iat'>, lag = 0): number {
  return iat + lag
}

function problemOf(error: unknown): Problem {
  // The messages of these quote nothing but an audience that is not trusted.
  if (error instanceof AuthError) return { rule: error.message, detail: error.message }
  return signatureProblem(error)
}

/**
 * The claims of a text that looks like an ID Token, for cheap checks. *Nothing* vouches for them.
 *
 * @throws {Refusal} 403
 */
export function readUnverified(token: string): JWTPayload {
  try {
    return decodeJwt(token)
  } catch {
    throw denied('invalid_token', problem('the ID Token', 'is no JWT that can be read'))
  }
}
