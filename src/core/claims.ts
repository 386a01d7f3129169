import { decodeBase64urlText } from './base64url.ts'
import { IdTokenError } from './errors.ts'

/** The claims of an ID Token (OpenID Connect Core §2). All times are epoch seconds. */
export interface IdTokenClaims {
  /** The issuer that made the token. */
  readonly iss: string
  /** The person's identifier at that issuer. Only `iss` and `sub` together name a person (§5.7). */
  readonly sub: string
  /** Whom the token is for: the client's id, alone or among others. */
  readonly aud: string | readonly string[]
  /** The end of the token, in epoch seconds. Nobody may accept the token after that. The session may go on. */
  readonly exp: number
  /** When the token was made, in epoch seconds. The login may be much older (`auth_time`). */
  readonly iat: number
  /** The client that the token was given to, for a token with several audiences. */
  readonly azp?: string
  /** The `nonce` of the authorization request that the token answers. */
  readonly nonce?: string
  /** How strong the login was, by a name that the OP defines. */
  readonly acr?: string
  /** How the person signed in, such as `pwd` or `otp` (RFC 8176). */
  readonly amr?: readonly string[]
  /**
   * When the person signed in, in epoch seconds. It is *not* checked here, so its type is unknown. Only the freshness
   * rules may read it: an absent value, or one of another type, is never fresh.
   */
  readonly auth_time?: unknown
  readonly [claim: string]: unknown
}

/** The header of a JWT, as far as it is used here. Nothing has been checked. */
export interface JoseHeader {
  readonly alg?: unknown
  readonly typ?: unknown
  readonly kid?: unknown
}

/** An ID Token taken apart. Nothing vouches for it. */
export interface DecodedIdToken {
  readonly header: JoseHeader
  readonly claims: IdTokenClaims
}

/** Whether a value is an object: not null, and not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsePart(part: string | undefined, name: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(decodeBase64urlText(part ?? '') ?? '')
  } catch {
    // The error is not kept as a cause, because a JSON error quotes the text that it could not read.
  }
  if (!isRecord(value)) throw new IdTokenError(name, 'malformed')
  return value
}

/**
 * Takes an ID Token's text apart and checks the types of the claims that every ID Token must have.
 * It verifies *neither* the signature *nor* any value: see `checkIdToken`.
 *
 * @throws {IdTokenError} when the text is no JWT or a required claim is missing or of the wrong type
 * @see OpenID Connect Core 1.0 §2
 */
export function decodeIdToken(token: unknown): DecodedIdToken {
  const parts = typeof token === 'string' ? token.split('.') : []
  if (parts.length !== 3) throw new IdTokenError('id_token', token === undefined ? 'missing' : 'malformed')
  return { header: parsePart(parts[0], 'header'), claims: parseClaims(parsePart(parts[1], 'payload')) }
}

/** Does the same type checks for claims that are parsed already. @throws {IdTokenError} */
export function parseClaims(claims: Record<string, unknown>): IdTokenClaims {
  assertRequiredClaims(claims)
  return claims
}

function assertRequiredClaims(claims: Record<string, unknown>): asserts claims is IdTokenClaims {
  const need = (claim: string, good: (value: unknown) => boolean): void => {
    const value = claims[claim]
    if (!good(value)) throw new IdTokenError(claim, value === undefined ? 'missing' : 'malformed')
  }
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
  need('iss', isText)
  need('sub', isText)
  need('aud', aud => isText(aud) || (Array.isArray(aud) && aud.length > 0 && aud.every(isText)))
  need('exp', Number.isFinite)
  need('iat', Number.isFinite)
}
