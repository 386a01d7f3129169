import { type CompactVerifyGetKey, compactVerify, createRemoteJWKSet, errors, type RemoteJWKSet } from 'jose'
import { IdTokenError } from '../core/errors.ts'

/** The keys of each OP, by their address: fetched once in ten minutes for all clients of this page. */
const keySets = new Map<string, RemoteJWKSet>()

/**
 * Starts fetching the OP's keys, if they are not at hand, and returns the function that verifies an ID Token with
 * them: its signature, and nothing else of it. A `kid` that is unknown has the keys fetched once more.
 *
 * The function throws an `IdTokenError` for `signature`: `mismatch`, or `untrusted` when the OP has no such key. It
 * rejects with something else when the keys cannot be had.
 *
 * @param jwksUri from the issuer's discovery document; a token's `jku`, `x5u` and `jwk` are never looked at
 * @see OpenID Connect Core 1.0 §3.1.3.7 item 6, §10.1.1 (rotation)
 */
export function prepare(jwksUri: string, algorithms: readonly string[]): (idToken: string) => Promise<void> {
  // No cool-down: the tokens come from the OP itself, and a rotation must lock no person out.
  const keys = keySets.get(jwksUri) ?? createRemoteJWKSet(new URL(jwksUri), { cooldownDuration: 0 })
  keySets.set(jwksUri, keys)
  // When it fails, verifying tries again.
  if (!keys.fresh) keys.reload().catch(() => {})
  return async idToken => {
    let unavailable: unknown
    const getKey: CompactVerifyGetKey = (header, token) =>
      keys(header, token).catch(error => {
        if (isUnknown(error)) throw new IdTokenError('signature', 'untrusted')
        unavailable = error
        throw error
      })
    try {
      await compactVerify(idToken, getKey, { algorithms: [...algorithms] })
    } catch (error) {
      throw (unavailable ?? error instanceof IdTokenError) ? error : new IdTokenError('signature', 'mismatch')
    }
  }
}

/** No key of the OP's, or several and no `kid` to tell which (OpenID Connect Core 1.0 §10.1). */
function isUnknown(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys
}
