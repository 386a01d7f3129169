import { type CompactVerifyGetKey, createRemoteJWKSet, customFetch, errors, type RemoteJWKSet } from 'jose'
import { isRecord } from '../core/claims.ts'
import { denied, unavailable } from './errors.ts'
import { isSecureUrl, parseUrl } from './url.ts'

export interface ProviderKeysOptions {
  readonly issuer: string
  readonly jwksUri: string | undefined
  readonly fetch: typeof fetch
}

const fetchTimeout = 5_000
/** Milliseconds between two fetches on account of an unknown `kid`, so that nobody can make us flood the OP. */
const cooldownDuration = 30_000

/**
 * Finds the OP's signing key for a token by the token's `alg` and `kid` alone: keys come from the configured
 * issuer and nowhere else, so a header's `jku`, `x5u` or `jwk` is never looked at. What was fetched is kept
 * (keys for ten minutes), failures are not, and requests that come together share one fetch.
 *
 * The key function throws a 503 while the keys cannot be had, and a final `invalid_token` only once a fetch
 * later than the token has shown that the OP has no such key.
 *
 * @see OpenID Connect Discovery 1.0 §4.3; OpenID Connect Core 1.0 §10.1.1 (rotation)
 */
export function createProviderKeys({ issuer, jwksUri, fetch }: ProviderKeysOptions): CompactVerifyGetKey {
  let keySet: Promise<RemoteJWKSet> | undefined

  async function loadKeySet(): Promise<RemoteJWKSet> {
    const url = parseUrl(jwksUri ?? (await discoverJwksUri(issuer, fetch)))
    if (!url || !isSecureUrl(url)) throw new Error('The issuer publishes no https jwks_uri')
    return createRemoteJWKSet(url, { timeoutDuration: fetchTimeout, cooldownDuration, [customFetch]: fetch })
  }

  return async header => {
    let wasCoolingDown = false
    try {
      keySet ??= loadKeySet().catch(error => {
        keySet = undefined
        throw error
      })
      const keys = await keySet
      wasCoolingDown = keys.coolingDown
      return await keys(header)
    } catch (error) {
      const isUnknown = error instanceof errors.JWKSNoMatchingKey
      // Several keys would do, and the token names none: it must (OpenID Connect Core 1.0 §10.1).
      const isAmbiguous = error instanceof errors.JWKSMultipleMatchingKeys
      if (isAmbiguous || (isUnknown && !wasCoolingDown)) throw denied('invalid_token')
      throw unavailable(error, isUnknown ? cooldownDuration / 1000 : undefined)
    }
  }
}

async function discoverJwksUri(issuer: string, fetch: typeof globalThis.fetch): Promise<unknown> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    headers: { Accept: 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(fetchTimeout),
  })
  if (response.status !== 200) throw new Error(`Discovery answered ${response.status}`)
  const metadata: unknown = await response.json()
  // Else whoever answers here could vouch for tokens of somebody else.
  if (!isRecord(metadata) || metadata.issuer !== issuer) {
    throw new Error('The discovery document is of another issuer than the configured one')
  }
  return metadata.jwks_uri
}
