import { encodeBase64url } from '../core/base64url.ts'

/** The SHA-256 of a text's UTF-8, in base64url. */
export async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return encodeBase64url(new Uint8Array(hash))
}
