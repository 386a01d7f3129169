import type { IdTokenClaims, JoseHeader } from './claims.ts'
import { ConfigurationError, IdTokenError } from './errors.ts'
import type { TrustedAudiences } from './provider-profile.ts'

/** What the claims of an ID Token must agree with. */
export interface IdTokenExpectation {
  readonly issuer: string
  /** The issuers that `iss` may name, where it is not `issuer` alone: see the profile's `issuers`. */
  readonly issuers?: readonly string[]
  readonly clientId: string
  /** The nonce that was sent with the request; absent when the caller compares it itself. */
  readonly nonce?: string
  /** Audiences besides our own that `aud` may name. Default: none. */
  readonly trustedAudiences?: TrustedAudiences
  /** Epoch seconds. */
  readonly now: number
  /** Seconds by which the OP's clock and ours may differ. */
  readonly clockSkew: number
  /**
   * Seconds by which the OP dates `iat` back, so that a token is not older than it says. They are added to `iat` and to
   * nothing else: `nbf` counts as it stands. Default: 0.
   */
  readonly iatLag?: number
}

/**
 * The signature algorithms that are accepted. All are asymmetric: neither `none` nor an HMAC with a public key can
 * pass.
 */
export const signatureAlgorithms: readonly string[] = [
  ...['RS', 'PS', 'ES'].flatMap(family => [`${family}256`, `${family}384`, `${family}512`]),
  'EdDSA',
  'Ed25519',
]

/**
 * Checks an ID Token's header.
 *
 * @throws {IdTokenError} unless the algorithm is a known one, and `typ` is absent or `JWT`
 */
export function checkIdTokenHeader({ alg, typ }: JoseHeader): void {
  if (!signatureAlgorithms.includes(alg as string)) throw new IdTokenError('alg', 'untrusted')
  if (typ !== undefined && !(typeof typ === 'string' && typ.toUpperCase() === 'JWT')) {
    throw new IdTokenError('typ', 'mismatch')
  }
}

/** Whether the time of an ID Token is over. `now` in epoch seconds, `clockSkew` in seconds. */
export function isExpired(claims: IdTokenClaims, now: number, clockSkew: number): boolean {
  return !(now < claims.exp + clockSkew)
}

/**
 * Checks the claims of an ID Token, except `exp`, which is for `isExpired`. It does *not* verify the signature, and
 * says nothing about freshness.
 *
 * @throws {IdTokenError} with the `audience` that is not trusted
 * @throws {ConfigurationError} when `trustedAudiences` throws
 * @see OpenID Connect Core 1.0 §3.1.3.7
 */
export function checkIdTokenClaims(claims: IdTokenClaims, expected: IdTokenExpectation): void {
  const { issuer, issuers = [issuer], iatLag = 0 } = expected
  if (!issuers.includes(claims.iss)) throw new IdTokenError('iss', 'mismatch')
  checkAudience(claims, expected)
  if (!(claims.iat + iatLag <= expected.now + expected.clockSkew)) throw new IdTokenError('iat', 'future')
  checkNotBefore(claims.nbf, expected.now + expected.clockSkew)
  if (expected.nonce !== undefined && claims.nonce !== expected.nonce) {
    throw new IdTokenError('nonce', claims.nonce === undefined ? 'missing' : 'mismatch')
  }
}

/** Checks `aud` and `azp`. @throws {IdTokenError} {ConfigurationError} */
function checkAudience(claims: IdTokenClaims, { clientId, trustedAudiences = [] }: IdTokenExpectation): void {
  const audiences = typeof claims.aud === 'string' ? [claims.aud] : claims.aud
  if (!audiences.includes(clientId)) throw new IdTokenError('aud', 'mismatch')
  // Before a rule of the app is asked: without our `azp`, another audience may have asked for this token.
  if (claims.azp === undefined ? audiences.length > 1 : claims.azp !== clientId) {
    throw new IdTokenError('azp', claims.azp === undefined ? 'missing' : 'mismatch')
  }
  const untrusted = audiences.find(
    audience => audience !== clientId && !isTrusted(audience, claims, trustedAudiences),
  )
  if (untrusted !== undefined) throw new IdTokenError('aud', 'untrusted', null, untrusted)
}

/** @throws {ConfigurationError} when the rule throws */
function isTrusted(audience: string, claims: IdTokenClaims, trusted: TrustedAudiences): boolean {
  if (typeof trusted !== 'function') return trusted.includes(audience)
  try {
    return trusted(audience, claims) === true
  } catch (cause) {
    throw new ConfigurationError('`trustedAudiences` threw: it must return true or false for each audience', {
      cause,
    })
  }
}

/** Checks that `nbf` is absent or not after `latest`, in epoch seconds. @throws {IdTokenError} @see RFC 7519 §4.1.5 */
function checkNotBefore(nbf: unknown, latest: number): void {
  if (nbf === undefined) return
  if (!Number.isFinite(nbf)) throw new IdTokenError('nbf', 'malformed')
  if (!((nbf as number) <= latest)) throw new IdTokenError('nbf', 'future')
}

/**
 * Checks header, claims and expiry together, as the browser does for every ID Token that it receives. @throws
 * {IdTokenError}
 */
export function checkIdToken(header: JoseHeader, claims: IdTokenClaims, expected: IdTokenExpectation): void {
  checkIdTokenHeader(header)
  checkIdTokenClaims(claims, expected)
  if (isExpired(claims, expected.now, expected.clockSkew)) throw new IdTokenError('exp', 'expired')
}
