import { type CompactVerifyGetKey, compactVerify, decodeJwt, type JWTPayload } from 'jose'
import { type IdTokenClaims, parseClaims } from '../../core/claims.ts'
import { IdTokenError } from '../../core/errors.ts'
import { checkIdTokenClaims, checkIdTokenHeader, signatureAlgorithms } from '../../core/id-token.ts'
import { denied, Refusal } from '../http/refusal.ts'

/** What an ID Token must agree with, and where the OP's keys are. */
export interface IdTokenVerifierOptions {
  readonly issuer: string
  readonly clientId: string
  readonly trustedAudiences: readonly string[]
  /** Seconds. */
  readonly clockSkew: number
  readonly findKey: CompactVerifyGetKey
  /** Called with each genuine token's `iat`. Times in epoch seconds. */
  readonly onVerified: (iat: number, now: number) => void
}

const algorithms = [...signatureAlgorithms]
const utf8 = new TextDecoder('utf-8', { fatal: true })

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
  const { issuer, clientId, trustedAudiences, clockSkew, findKey, onVerified } = options
  const getKey: CompactVerifyGetKey = (header, token) => {
    checkIdTokenHeader(header)
    return findKey(header, token)
  }
  return async (token, now) => {
    try {
      const { payload } = await compactVerify(token, getKey, { algorithms })
      const claims = parseClaims(JSON.parse(utf8.decode(payload)))
      checkIdTokenClaims(claims, { issuer, clientId, trustedAudiences, now, clockSkew })
      onVerified(claims.iat, now)
      return claims
    } catch (error) {
      if (error instanceof Refusal) throw error
      const isFromFuture = error instanceof IdTokenError && error.claim === 'iat' && error.reason === 'future'
      throw denied(isFromFuture ? 'clock_skew' : 'invalid_token')
    }
  }
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
    throw denied('invalid_token')
  }
}
