import { createHash } from 'node:crypto'
import {
  CompactSign,
  type CryptoKey,
  calculateJwkThumbprint,
  EmbeddedJWK,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose'

/** A proof as a server saw it, its signature verified with the key inside. */
export interface SeenProof {
  /** The path it was sent to. */
  readonly path: string
  readonly header: ProtectedHeaderParameters & { readonly jwk?: JWK }
  readonly claims: JWTPayload
  readonly thumbprint: string
}

/** Checks a proof as servers do (RFC 9449 §4.3), all but nonce, time and single use. @throws when it does not hold */
export async function readProof(proof: string, method: string, url: string): Promise<SeenProof> {
  const options = { typ: 'dpop+jwt', algorithms: ['ES256'] }
  const { protectedHeader: header, payload: claims } = await jwtVerify(proof, EmbeddedJWK, {
    ...options,
    // Time is the tests' own.
    currentDate: new Date(Number(claimsOf(proof).iat) * 1000),
  })
  if (claims.htm !== method || claims.htu !== url) throw new Error('A proof for another request')
  const thumbprint = await calculateJwkThumbprint(header.jwk ?? {})
  return { path: new URL(url).pathname, header, claims, thumbprint }
}

function claimsOf(proof: string): JWTPayload {
  return JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString())
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** What a proof says instead of the truth; `undefined` removes. */
export interface ProofFields {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  /** Signed with another key than the one in `jwk`. Default: false. */
  readonly foreignKey?: boolean
}

/** Somebody with a DPoP key, who makes proofs, honest or not. */
export interface Prover {
  readonly thumbprint: string
  readonly privateJwk: JWK
  prove(method: string, url: string, iat: number, fields?: ProofFields): Promise<string>
}

let proofCount = 0

export async function createProver(): Promise<Prover> {
  const make = (): Promise<{ privateKey: CryptoKey; publicKey: CryptoKey }> =>
    generateKeyPair('ES256', { extractable: true })
  const [own, foreign] = [await make(), await make()]
  const jwk = await exportJWK(own.publicKey)
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    privateJwk: await exportJWK(own.privateKey),
    prove(htm, htu, iat, { claims = {}, header = {}, foreignKey = false } = {}) {
      const payload = { jti: `proof-${++proofCount}`, htm, htu, iat, ...claims }
      return new CompactSign(Buffer.from(JSON.stringify(payload)))
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header })
        .sign((foreignKey ? foreign : own).privateKey)
    },
  }
}
