import type { Bytes } from './bytes.ts'
import { createMac, isSameText, type Mac } from './mac.ts'

/** The backend's secrets: the first signs, all verify, so that keys can be rotated. */
export interface KeyRing {
  sign(text: string): Promise<string>
  isSigned(text: string, signature: string): Promise<boolean>
  /** The MAC by the key that made this signature, whichever that is now; undefined where none did. */
  signerOf(text: string, signature: string): Promise<Mac | undefined>
}

/** Makes a key ring. @param keys of 32 bytes */
export function createKeyRing(keys: readonly [Bytes, ...Bytes[]]): KeyRing {
  const sign = createMac(keys[0])
  const macs = [sign, ...keys.slice(1).map(createMac)]
  const signerOf: KeyRing['signerOf'] = async (text, signature) => {
    for (const mac of macs) if (await isSameText(await mac(text), signature)) return mac
    return undefined
  }
  return {
    sign,
    signerOf,
    isSigned: async (text, signature) => (await signerOf(text, signature)) !== undefined,
  }
}
