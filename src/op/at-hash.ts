import { encodeBase64url } from '../core/base64url.ts'
import type { DecodedIdToken } from '../core/claims.ts'
import { IdTokenError } from '../core/errors.ts'

/**
 * Holds an ID Token's `at_hash`, where it has one, against the access token that came with it. The hash is the one of
 * the signature's algorithm; EdDSA names none, so it is left to TLS there.
 *
 * @throws {IdTokenError}
 * @see OpenID Connect Core 1.0 §3.1.3.6, §3.1.3.8
 */
export async function checkAtHash({ header, claims }: DecodedIdToken, accessToken: string): Promise<void> {
  const bits = /\d{3}$/.exec(String(header.alg))?.[0]
  if (claims.at_hash === undefined || bits === undefined) return
  const hash = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(accessToken))
  const expected = encodeBase64url(new Uint8Array(hash, 0, Number(bits) / 16))
  if (claims.at_hash !== expected) throw new IdTokenError('at_hash', 'mismatch')
}
