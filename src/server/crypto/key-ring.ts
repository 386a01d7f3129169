import type { Bytes } from './bytes.ts'
import { createMac, isSameText } from './mac.ts'

/** The backend's secrets: the first signs, all verify, so that keys can be rotated. */
export interface KeyRing {
  sign(text: string): Promise<string>
  isSigned(text: string, signature: string): Promise<boolean>
}

/** Makes a key ring. @param keys of 32 bytes */
export function createKeyRing(keys: readonly [Bytes, ...Bytes[]]): KeyRing {
  const sign = createMac(keys[0])
  const macs = [sign, ...keys.slice(1).map(createMac)]
  return {
    sign,
    async isSigned(text, signature) {
      for (const mac of macs) if (await isSameText(await mac(text), signature)) return true
      return false
    },
  }
}
