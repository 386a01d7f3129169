import { encodeBase64url } from '../../core/base64url.ts'
import type { Bytes } from './bytes.ts'
import { node } from './node-crypto.ts'

const utf8 = new TextEncoder()
const hmac = { name: 'HMAC', hash: 'SHA-256' }

/** Makes base64url(HMAC-SHA-256(key, text as UTF-8)), 43 characters. */
export type Mac = (text: string) => Promise<string>

/** The platform's HMAC: Node's where the runtime has it, else Web Crypto's. @see RFC 2104 */
export function createMac(key: Bytes): Mac {
  if (node) {
    const { createHmac } = node.crypto
    return async text => createHmac('sha256', key).update(text).digest('base64url')
  }
  let imported: CryptoKey | undefined
  return async text => {
    const known = imported ?? (await crypto.subtle.importKey('raw', key, hmac, false, ['sign']))
    imported = known
    return encodeBase64url(new Uint8Array(await crypto.subtle.sign('HMAC', known, utf8.encode(text))))
  }
}

let comparing: CryptoKey | undefined

/**
 * Compares two texts in a time that depends on their length only, by the platform's own comparison. Anything but text
 * equals nothing.
 */
export async function isSameText(a: unknown, b: unknown): Promise<boolean> {
  if (typeof a !== 'string' || typeof b !== 'string' || a.length !== b.length) return false
  if (node) {
    const { Buffer, crypto } = node
    const [left, right] = [Buffer.from(a), Buffer.from(b)]
    return left.length === right.length && crypto.timingSafeEqual(left, right)
  }
  // Web Crypto compares nothing but signatures, so one text is signed and the other one verified, with one key: another
  // call may put a key of its own into the variable meanwhile.
  const key = comparing ?? ((await crypto.subtle.generateKey(hmac, false, ['sign', 'verify'])) as CryptoKey)
  comparing = key
  const signature = await crypto.subtle.sign('HMAC', key, utf8.encode(a))
  return crypto.subtle.verify('HMAC', key, signature, utf8.encode(b))
}
