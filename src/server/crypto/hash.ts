import { encodeBase64url } from '../../core/base64url.ts'
import { canonicalJson } from '../../core/canonical-json.ts'
import { node } from './node-crypto.ts'

const utf8 = new TextEncoder()

/** base64url(SHA-256(text as UTF-8)), 43 characters. */
export async function sha256(text: string): Promise<string> {
  if (node) return node.crypto.hash('sha256', text, 'base64url')
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(text))))
}

/**
 * Makes the `context_hash` of what an action is about: base64url(SHA-256(RFC 8785 canonical JSON)). The order of keys
 * does not matter. Every own key counts. `null` is a context like any other.
 *
 * @param context plain JSON
 * @returns the hash, 43 characters
 * @throws {ConfigurationError} a `ConfigurationError`, if the context is not plain JSON
 * @see RFC 8785
 */
export async function contextHash(context: unknown): Promise<string> {
  return sha256(canonicalJson(context))
}
