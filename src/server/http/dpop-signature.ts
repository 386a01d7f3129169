import {
  calculateJwkThumbprint,
  decodeProtectedHeader,
  EmbeddedJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import { signatureAlgorithms } from '../../core/id-token.ts'
import { invalidProof } from './dpop-refusal.ts'

/** The thumbprint of the key that a request's proof names; null without a key. The signature is *not* verified. */
export async function thumbprintOf(request: Request): Promise<string | null> {
  try {
    return await calculateJwkThumbprint(keyIn(request.headers.get('DPoP') ?? ''))
  } catch {
    return null
  }
}

/**
 * Verifies that a proof is signed by the key in its own header, and gives that key's thumbprint and the claims. None of
 * them is judged but `exp` and `nbf`.
 *
 * @throws {Refusal} 401
 */
export async function verifyProof(
  text: string,
  now: number,
  clockTolerance: number,
): Promise<{ jkt: string; claims: JWTPayload }> {
  try {
    const jwk = keyIn(text)
    const { payload } = await jwtVerify(text, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: [...signatureAlgorithms],
      currentDate: new Date(now * 1000),
      clockTolerance,
    })
    return { jkt: await calculateJwkThumbprint(jwk), claims: payload }
  } catch (cause) {
    throw invalidProof(cause)
  }
}

/**
 * The key in a proof's header.
 *
 * @throws when there is none, or when its signatures would take long to verify, since any client can send one
 */
function keyIn(text: string): JWK {
  const { jwk } = decodeProtectedHeader(text)
  if (!jwk) throw new TypeError('No jwk')
  // With an RSA exponent of its choice, a sender decides how long we work. No key in use has an exponent other than
  // this.
  const { kty, e, n } = jwk
  const isCheap =
    kty !== 'RSA' || (e === 'AQAB' && typeof n === 'string' && n.length <= base64urlLengthOf4096Bits)
  if (!isCheap) throw new TypeError('An RSA key of a size or exponent that is not in use')
  return jwk
}

const base64urlLengthOf4096Bits = 683
