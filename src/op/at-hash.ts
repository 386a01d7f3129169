import { encodeBase64url } from '../core/base64url.ts'
import type { DecodedIdToken } from '../core/claims.ts'
import { IdTokenError } from '../core/errors.ts'

/** The bits of SHA-2 that go with each signature algorithm. EdDSA is Ed25519 here: browsers and `jose` have no other. */
const hashes: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    ['RS', 'PS', 'ES'].flatMap(family => [256, 384, 512].map(bits => [`${family}${bits}`, bits])),
  ),
  EdDSA: 512,
  Ed25519: 512,
}

/**
 * Compares an ID Token's `at_hash`, if it has one, with the access token that came with it. The signature's algorithm
 * says which hash: SHA-512 for Ed25519 (RFC 8032 §5.1). The claim is *not* checked when that hash is not known here; the
 * token endpoint's TLS vouches for the access token then.
 *
 * @throws {IdTokenError} `at_hash`, `mismatch`
 * @see OpenID Connect Core 1.0 §3.1.3.6, §3.1.3.8
 */
export async function checkAtHash({ header, claims }: DecodedIdToken, accessToken: string): Promise<void> {
  const alg = String(header.alg)
  const bits = Object.hasOwn(hashes, alg) ? hashes[alg] : undefined
  if (claims.at_hash === undefined || bits === undefined) return
  const hash = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(accessToken))
  const expected = encodeBase64url(new Uint8Array(hash, 0, bits / 16))
  if (claims.at_hash !== expected) throw new IdTokenError('at_hash', 'mismatch')
}
