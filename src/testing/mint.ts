import { encodeBase64url } from '../core/base64url.ts'

/** A JWT before it is signed. */
export interface UnsignedJwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** Signs for one OP with ES256. */
export interface Signer {
  /** Known before there is a key. */
  readonly kid: string
  /** What the OP publishes. */
  publicJwk(): Promise<JsonWebKey & { readonly kid: string }>
  /** The signature of this text, in base64url. @see RFC 7518 §3.4 */
  sign(text: string): Promise<string>
  /** Whether it signed this text. */
  isSigned(text: string, signature: string): Promise<boolean>
  /** An HMAC with the public key, by which attackers fool a verifier that believes the header's `alg`. */
  hmacWithPublicKey(text: string): Promise<string>
}

const utf8 = (text: string) => new TextEncoder().encode(text)
const part = (value: object): string => encodeBase64url(utf8(JSON.stringify(value)))
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** What a signature of the JWT signs: header and claims. @see RFC 7515 §5.1 */
export function signingInput({ header, claims }: UnsignedJwt): string {
  return `${part(header)}.${part(claims)}`
}

/** A signature of the right length that no key has made. Whoever verifies signatures refuses it. */
export const noSignature: string = encodeBase64url(new Uint8Array(64))

/** Makes a signer. The key is made when it is first needed, by Web Crypto, and its private half cannot be read. */
export function createSigner(kid: string = crypto.randomUUID()): Signer {
  let made: Promise<CryptoKeyPair> | undefined
  const keys = (): Promise<CryptoKeyPair> => {
    made ??= crypto.subtle.generateKey(ecdsa, false, ['sign', 'verify'])
    return made
  }
  const publicJwk: Signer['publicJwk'] = async () => {
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', (await keys()).publicKey)
    return { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' } as Awaited<ReturnType<Signer['publicJwk']>>
  }
  return {
    kid,
    publicJwk,
    async sign(text) {
      const { privateKey } = await keys()
      return encodeBase64url(new Uint8Array(await crypto.subtle.sign(ecdsa, privateKey, utf8(text))))
    },
    async isSigned(text, signature) {
      const bytes = decodeBase64url(signature)
      const { publicKey } = await keys()
      return bytes !== null && crypto.subtle.verify(ecdsa, publicKey, bytes, utf8(text))
    },
    async hmacWithPublicKey(text) {
      const hmac = { name: 'HMAC', hash: 'SHA-256' }
      const bytes = utf8(JSON.stringify(await publicJwk()))
      const key = await crypto.subtle.importKey('raw', bytes, hmac, false, ['sign'])
      return encodeBase64url(new Uint8Array(await crypto.subtle.sign(hmac, key, utf8(text))))
    },
  }
}

/** Of every scripted OP in this process: a key of its own for each would only cost time. */
export const ownSigner: Signer = createSigner()
/** Whose key no scripted OP has. */
export const anotherSigner: Signer = createSigner()

function decodeBase64url(text: string): BufferSource | null {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/')
  try {
    return Uint8Array.from(atob(base64), character => character.charCodeAt(0))
  } catch {
    return null
  }
}
