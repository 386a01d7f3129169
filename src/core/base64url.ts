const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Encodes bytes as base64url without padding (RFC 4648 §5). */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const chunk = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    for (let j = 0; j <= Math.min(3, bytes.length - i); j++) text += alphabet[(chunk >> (18 - 6 * j)) & 63]
  }
  return text
}

/** Decodes base64url text of UTF-8; null when it is not base64url or not UTF-8. */
export function decodeBase64urlText(text: string): string | null {
  let percentEncoded = ''
  let bits = 0
  let count = 0
  for (const character of text) {
    const value = alphabet.indexOf(character)
    if (value < 0) return null
    bits = ((bits << 6) | value) & 0xffff
    count += 6
    if (count >= 8) {
      count -= 8
      percentEncoded += `%${((bits >> count) & 0xff).toString(16).padStart(2, '0')}`
    }
  }
  try {
    return count >= 6 ? null : decodeURIComponent(percentEncoded)
  } catch {
    return null
  }
}
