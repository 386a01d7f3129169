import { encodeBase64url } from '../core/base64url.ts'
import { canonicalJson } from '../core/canonical-json.ts'

interface Hashing {
  update(text: string): Hashing
  digest(encoding: 'base64url'): string
}

interface NodeCrypto {
  createHash(algorithm: 'sha256'): Hashing
  createHmac(algorithm: 'sha256', key: Uint8Array): Hashing
}

// Web Crypto, which every runtime has, hands each hash to another thread and back. That takes many times longer than
// hashing so short a text, which Node's own crypto does at once.
const { process } = globalThis as { process?: { getBuiltinModule?(name: string): NodeCrypto | undefined } }
const node = process?.getBuiltinModule?.('node:crypto')

const utf8 = new TextEncoder()

/** base64url(SHA-256(text as UTF-8)), 43 characters. */
export async function sha256(text: string): Promise<string> {
  if (node) return node.createHash('sha256').update(text).digest('base64url')
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(text))))
}

/** A function that makes base64url(HMAC-SHA-256(key, text as UTF-8)). */
export function createMac(key: Uint8Array<ArrayBuffer>): (text: string) => Promise<string> {
  if (node) return async text => node.createHmac('sha256', key).update(text).digest('base64url')
  let importing: Promise<CryptoKey> | undefined
  return async text => {
    importing ??= crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    return encodeBase64url(
      new Uint8Array(await crypto.subtle.sign('HMAC', await importing, utf8.encode(text))),
    )
  }
}

/**
 * The `context_hash` of what an action is about: base64url(SHA-256(RFC 8785 canonical JSON)).
 * The order of keys does not matter, every own key counts, and `null` is a context like any other.
 *
 * @throws {ConfigurationError} when the context is not plain JSON
 * @see RFC 8785
 */
export async function contextHash(context: unknown): Promise<string> {
  return sha256(canonicalJson(context))
}

/** Compares two texts in a time that depends on their length only. Anything but text equals nothing. */
export function isSameText(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string' || a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}
