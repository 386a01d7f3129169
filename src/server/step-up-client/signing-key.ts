import type { CryptoKey, JWK } from 'jose'
import { isRecord } from '../../core/claims.ts'
import { signatureAlgorithms } from '../../core/id-token.ts'

const curves: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' }
const families: Readonly<Record<string, string>> = { 'RSASSA-PKCS1-v1_5': 'RS', 'RSA-PSS': 'PS' }

/**
 * The algorithm that a private key signs with. Null for what is no such key, for a secret that both sides know, and for
 * an algorithm that is none of the key's.
 *
 * @param wanted the one that the options name
 */
export function algorithmOf(key: unknown, wanted: string | undefined): string | null {
  if (!isRecord(key)) return null
  const possible = 'kty' in key ? algorithmsOfJwk(key) : algorithmsOfKey(key as unknown as CryptoKey)
  const alg = wanted ?? ('alg' in key && typeof key.alg === 'string' ? key.alg : possible[0])
  return alg !== undefined && possible.includes(alg) ? alg : null
}

/** The most usual one first. */
function algorithmsOfJwk({ kty, crv, d }: JWK | Record<string, unknown>): readonly string[] {
  if (typeof d !== 'string') return []
  if (kty === 'RSA') return signatureAlgorithms.filter(alg => /^[RP]S/.test(alg))
  if (kty === 'EC') return [curves[String(crv)]].filter(alg => alg !== undefined)
  return kty === 'OKP' && crv === 'Ed25519' ? ['EdDSA', 'Ed25519'] : []
}

function algorithmsOfKey({ type, usages, algorithm }: Partial<CryptoKey>): readonly string[] {
  if (type !== 'private' || !usages?.includes('sign') || !algorithm) return []
  const { name, hash, namedCurve } = algorithm as {
    readonly name: string
    readonly hash?: { readonly name: string }
    readonly namedCurve?: string
  }
  if (name === 'Ed25519') return ['EdDSA', 'Ed25519']
  if (name === 'ECDSA') return [curves[namedCurve ?? '']].filter(alg => alg !== undefined)
  const family = families[name]
  return family === undefined ? [] : [`${family}${hash?.name.replace('SHA-', '')}`]
}
