import { encodeBase64url } from '../core/base64url.ts'
import { canonicalJson } from '../core/canonical-json.ts'

/** base64url(SHA-256(text as UTF-8)), 43 characters. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return encodeBase64url(new Uint8Array(digest))
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
