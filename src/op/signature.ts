import {
  type CompactVerifyGetKey,
  compactVerify,
  createRemoteJWKSet,
  customFetch,
  errors,
  type RemoteJWKSet,
} from 'jose'
import { IdTokenError } from '../core/errors.ts'
import type { Browser } from './browser.ts'
import { overNetwork } from './errors.ts'

type KeySets = Map<string, RemoteJWKSet>

/** The keys of each OP, by their address: fetched once in ten minutes for all clients of one page. */
const pages = new WeakMap<object, KeySets>()

/**
 * Starts to fetch the OP's keys, unless they are at hand, and returns a function that verifies an ID Token's signature
 * with them, and *nothing else* of the token. For an unknown `kid` the keys are fetched once more.
 *
 * The function throws an `IdTokenError` for `signature`: `mismatch`, or `untrusted` when the OP has no such key. It
 * rejects with another error when the keys cannot be fetched.
 *
 * @param jwksUri from the issuer's discovery document; a token's `jku`, `x5u` and `jwk` are never looked at
 * @see OpenID Connect Core 1.0 §3.1.3.7 item 6, §10.1.1 (rotation)
 */
export function prepare(
  browser: Pick<Browser, 'fetch'>,
  jwksUri: string,
  algorithms: readonly string[],
): (idToken: string) => Promise<void> {
  const keySets: KeySets = pages.get(browser) ?? new Map()
  pages.set(browser, keySets)
  // No cool-down: the tokens come from the OP itself, and a rotation must lock no person out.
  const options = { cooldownDuration: 0, [customFetch]: browser.fetch }
  const keys = keySets.get(jwksUri) ?? createRemoteJWKSet(new URL(jwksUri), options)
  keySets.set(jwksUri, keys)
  // When it fails, verifying tries again.
  if (!keys.fresh) keys.reload().catch(() => {})
  return async idToken => {
    let unavailable: unknown
    const getKey: CompactVerifyGetKey = (header, token) =>
      overNetwork(keys(header, token)).catch(error => {
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
