import { encodeBase64url } from '../../core/base64url.ts'
import { canonicalJson } from '../../core/canonical-json.ts'
import { node } from './node.ts'

const utf8 = new TextEncoder()
const encode = (bytes: ArrayBuffer): string => encodeBase64url(new Uint8Array(bytes))

/** base64url(SHA-256(text as UTF-8)), 43 characters. */
export async function sha256(text: string): Promise<string> {
  if (node) return node.hash('sha256', text, 'base64url')
  return encode(await crypto.subtle.digest('SHA-256', utf8.encode(text)))
}

/** Makes base64url(HMAC-SHA-256(key, text as UTF-8)). */
export type Mac = (text: string) => Promise<string>

/** @param key of 64 bytes at most */
export function createMac(key: Uint8Array<ArrayBuffer>): Mac {
  if (node) return createNodeMac(node, key)
  let importing: Promise<CryptoKey> | undefined
  return async text => {
    importing ??= crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    return encode(await crypto.subtle.sign('HMAC', await importing, utf8.encode(text)))
  }
}

/** As it is defined, since to make an `Hmac` object takes Node longer than both hashes. @see RFC 2104 §2 */
function createNodeMac({ hash, Buffer }: NonNullable<typeof node>, key: Uint8Array): Mac {
  const pad = (byte: number): Uint8Array => Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ byte)
  const [inner, outer] = [pad(0x36), pad(0x5c)]
  return async text => {
    const digest = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer')
    return hash('sha256', Buffer.concat([outer, digest]), 'base64url')
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
