import type { IdTokenClaims, JoseHeader } from './claims.ts'
import { IdTokenError } from './errors.ts'

/** What an ID Token must agree with. */
export interface IdTokenExpectation {
  readonly issuer: string
  readonly clientId: string
  /** The nonce sent with the request; absent where the caller compares it itself. */
  readonly nonce?: string
  /** Audiences besides our own that may stand in `aud`. Default: none. */
  readonly trustedAudiences?: readonly string[]
  /** Epoch seconds. */
  readonly now: number
  /** Seconds. */
  readonly clockSkew: number
}

/** The signature algorithms we know: asymmetric ones only, so neither `none` nor an HMAC with a public key. */
export const signatureAlgorithms: readonly string[] = [
  ...['RS', 'PS', 'ES'].flatMap(family => [`${family}256`, `${family}384`, `${family}512`]),
  'EdDSA',
  'Ed25519',
]

/** @throws {IdTokenError} unless the algorithm is asymmetric and known, and the type is an ID Token's */
export function checkIdTokenHeader({ alg, typ }: JoseHeader): void {
  if (!signatureAlgorithms.includes(alg as string)) throw new IdTokenError('alg', 'untrusted')
  if (typ !== undefined && !(typeof typ === 'string' && typ.toUpperCase() === 'JWT')) {
    throw new IdTokenError('typ', 'mismatch')
  }
}

export function isExpired(claims: IdTokenClaims, now: number, clockSkew: number): boolean {
  return !(now < claims.exp + clockSkew)
}

/**
 * The rules for an ID Token's claims, but for `exp`, which `isExpired` answers.
 * It does *not* verify the signature, and says nothing about freshness.
 *
 * @throws {IdTokenError}
 * @see OpenID Connect Core 1.0 §3.1.3.7
 */
export function checkIdTokenClaims(claims: IdTokenClaims, expected: IdTokenExpectation): void {
  const { clientId, trustedAudiences = [] } = expected
  if (claims.iss !== expected.issuer) throw new IdTokenError('iss', 'mismatch')
  const audiences = typeof claims.aud === 'string' ? [claims.aud] : claims.aud
  if (!audiences.includes(clientId)) throw new IdTokenError('aud', 'mismatch')
  if (!audiences.every(audience => audience === clientId || trustedAudiences.includes(audience))) {
    throw new IdTokenError('aud', 'untrusted')
  }
  if (claims.azp === undefined ? audiences.length > 1 : claims.azp !== clientId) {
    throw new IdTokenError('azp', claims.azp === undefined ? 'missing' : 'mismatch')
  }
  if (!(claims.iat <= expected.now + expected.clockSkew)) throw new IdTokenError('iat', 'future')
  checkNotBefore(claims.nbf, expected.now + expected.clockSkew)
  if (expected.nonce !== undefined && claims.nonce !== expected.nonce) {
    throw new IdTokenError('nonce', claims.nonce === undefined ? 'missing' : 'mismatch')
  }
}

/** A claim that is not there, or not before this moment. @throws {IdTokenError} @see RFC 7519 §4.1.5 */
function checkNotBefore(nbf: unknown, latest: number): void {
  if (nbf === undefined) return
  if (!Number.isFinite(nbf)) throw new IdTokenError('nbf', 'malformed')
  if (!((nbf as number) <= latest)) throw new IdTokenError('nbf', 'future')
}

/** Header, claims and expiry together: what the browser checks of every ID Token it receives. @throws {IdTokenError} */
export function checkIdToken(header: JoseHeader, claims: IdTokenClaims, expected: IdTokenExpectation): void {
  checkIdTokenHeader(header)
  checkIdTokenClaims(claims, expected)
  if (isExpired(claims, expected.now, expected.clockSkew)) throw new IdTokenError('exp', 'expired')
}
