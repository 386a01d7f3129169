import { type CompactVerifyGetKey, decodeProtectedHeader, jwtVerify } from 'jose'
import { signatureAlgorithms } from '../../core/id-token.ts'
import { isUnavailable } from '../http/refusal.ts'

/** Gives the claims of a token that is good now, and null for any other. */
export type ReadAccessToken = (token: string) => Promise<Readonly<Record<string, unknown>> | null>

/** What a JWT access token must agree with, and where the OP's keys are. */
export interface JwtAccessTokenOptions {
  readonly issuer: string
  readonly audience: string
  readonly acceptPlainJwt: boolean
  /** Seconds. */
  readonly clockSkew: number
  readonly getKey: CompactVerifyGetKey
  /** Epoch seconds. */
  readonly now: () => number
}

// The claims that mark other tokens that an OP signs: ID Tokens (OpenID Connect Core §2, §3.3.2.11), logout tokens
// (Back-Channel Logout §2.4).
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
 * Verifies JWT access tokens: `typ`, signature, `iss`, `aud`, `exp`, `nbf`, `iat`. No network is used for a token whose
 * header already rules it out. Binding (`cnf`), scope and freshness are *not* judged.
 *
 * The function throws a 503 `Refusal` when the OP's keys cannot be fetched.
 *
 * @see RFC 9068 §2.1, §4; RFC 8725 §3.11, §3.12
 */
export function createJwtReader(options: JwtAccessTokenOptions): ReadAccessToken {
  const { issuer, audience, acceptPlainJwt, clockSkew: clockTolerance, getKey } = options

  function isRightType(token: string): boolean {
    const { typ } = decodeProtectedHeader(token)
    const name = typ?.toLowerCase().replace(/^application\//, '')
    return name === 'at+jwt' || (acceptPlainJwt && (name === undefined || name === 'jwt'))
  }

  return async token => {
    const now = options.now()
    try {
      if (!isRightType(token)) return null
      const { payload } = await jwtVerify(token, getKey, {
        ...{ issuer, audience, clockTolerance, currentDate: new Date(now * 1000) },
        algorithms: [...signatureAlgorithms],
        requiredClaims: ['exp', 'iat', 'sub'],
      })
      if (!((payload.iat as number) <= now + clockTolerance)) return null
      if (acceptPlainJwt && foreignClaims.some(claim => claim in payload)) return null
      return payload
    } catch (error) {
      if (isUnavailable(error)) throw error
      return null
    }
  }
}
