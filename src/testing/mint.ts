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
}

const part = (value: object): string => encodeBase64url(new TextEncoder().encode(JSON.stringify(value)))

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
    made ??= crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
    return made
  }
  return {
    kid,
    async publicJwk() {
      const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', (await keys()).publicKey)
      return { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' } as JsonWebKey & { readonly kid: string }
    },
    async sign(text) {
      const { privateKey } = await keys()
      const how = { name: 'ECDSA', hash: 'SHA-256' }
      const signature = await crypto.subtle.sign(how, privateKey, new TextEncoder().encode(text))
      return encodeBase64url(new Uint8Array(signature))
    },
  }
}

/** Of every scripted OP in this process: a key of its own for each would only cost time. */
export const ownSigner: Signer = createSigner()
