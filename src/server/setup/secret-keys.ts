import { base64url } from 'jose'
import type { Bytes } from '../crypto/bytes.ts'
import type { Need } from './need.ts'

type Keys = [Bytes, ...Bytes[]]

const makeOne = 'node -p "crypto.randomBytes(32).toString(\'base64url\')" makes one'

/** Reads the backend's secret keys. @throws {ConfigurationError} for anything that cannot be a list of secrets */
export function readKeys(keys: unknown, need: Need): Keys {
  const [signingKey, ...olderKeys] = Array.isArray(keys) ? keys.map(key => readKey(key, need)) : []
  need(signingKey !== undefined, 'keys must be a list of one key or more')
  return [signingKey, ...olderKeys]
}

function readKey(key: unknown, need: Need): Bytes {
  let bytes = new Uint8Array()
  try {
    // Copied, so that a change to the caller's array changes no key.
    bytes = Uint8Array.from(typeof key === 'string' ? base64url.decode(key) : (key as Uint8Array))
  } catch {
    // The check of the length below refuses it. The text is a secret, so the error, which may quote it, is dropped.
  }
  need(bytes.length === 32, `each of keys must be 32 random bytes, or their base64url text: ${makeOne}`)
  // 32 random bytes have fewer than eight different values once in 10^44.
  need(new Set(bytes).size >= 8, `a key repeats a few bytes, but it must be random: ${makeOne}`)
  return bytes
}
