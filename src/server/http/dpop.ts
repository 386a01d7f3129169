import { calculateJwkThumbprint, EmbeddedJWK, type JWTPayload, jwtVerify } from 'jose'
import { formatAuthenticate } from '../../core/challenge.ts'
import { isRecord } from '../../core/claims.ts'
import { signatureAlgorithms } from '../../core/id-token.ts'
import { isSameText, sha256 } from '../crypto/hash.ts'
import type { FreshnessStore } from '../stores/store.ts'
import { failed, type Refusal } from './refusal.ts'
import { parseUrl } from './url.ts'

/** Seconds that a proof may be old, besides the skew: it is made for one request, and that takes its time. */
const lifetime = 60

/** Proof that whoever sent a request holds a key. */
export interface DpopProof {
  /** The key's RFC 7638 thumbprint. */
  readonly jkt: string
  /** Whether the proof names the access token that the request carries in `Authorization: DPoP`. */
  readonly namesToken: boolean
  /** Uses the proof up. Another call for the same request does nothing. @throws {Refusal} when it was used before */
  spend(): Promise<void>
}

export interface ProofReaderOptions {
  readonly store: FreshnessStore
  /** Keeps what this guard has seen apart from another's in the same store: both may look at one request. */
  readonly prefix: string
  /** Seconds. */
  readonly clockSkew: number
  readonly publicUrl: ((request: Request) => string) | undefined
}

/** The proof of a request; null when it has none. One that does not hold is refused, never overlooked. */
export type ReadProof = (request: Request, now: number) => Promise<DpopProof | null>

/** RFC 9449 §7.1: what a resource server answers to a proof or a token that it does not take. */
export function dpopRefusal(error: 'invalid_dpop_proof' | 'invalid_token', cause?: unknown): Refusal {
  const challenge = formatAuthenticate('DPoP', { error, algs: signatureAlgorithms.join(' ') })
  return failed(error, { cause, headers: { 'WWW-Authenticate': challenge } })
}

/**
 * Reads a request's `DPoP` header, once for each `Request`: signed by the key in its own header, which must be a public
 * one; made for this method and URL, now, and for the access token if the request carries one as `DPoP`. That it is
 * used only once is for `spend`, after whoever sends it is known: else anybody could fill the store.
 * Server-given nonces are *not* asked for.
 *
 * @see RFC 9449 §4.3
 */
export function createProofReader({ store, prefix, clockSkew, publicUrl }: ProofReaderOptions): ReadProof {
  const known = new WeakMap<Request, Promise<DpopProof>>()

  async function read(text: string, request: Request, now: number): Promise<DpopProof> {
    const { jkt, claims } = await verify(text, now, clockSkew)
    const { jti, htm, htu, iat, ath } = claims
    const isOld = !(typeof iat === 'number' && iat >= now - lifetime - clockSkew && iat <= now + clockSkew)
    if (isOld || typeof jti !== 'string' || jti === '' || htm !== request.method) throw invalidProof()
    if (!isSameUrl(htu, publicUrl ? publicUrl(request) : request.url)) throw invalidProof()
    const token = /^DPoP +([^ ]+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1]
    if (token !== undefined && !isSameText(ath, await sha256(token))) throw invalidProof()

    let spent: Promise<boolean> | undefined
    return {
      jkt,
      namesToken: token !== undefined,
      async spend() {
        const ttl = Math.ceil(iat) + lifetime + clockSkew - now + 1
        // Hashed: how long a jti is, its sender decides.
        spent ??= sha256(`${jkt} ${jti}`).then(key => store.consume(`${prefix} ${key}`, ttl))
        if (!(await spent)) throw invalidProof()
      },
    }
  }

  return async (request, now) => {
    const text = request.headers.get('DPoP')
    if (text === null) return null
    const proof = known.get(request) ?? read(text, request, now)
    known.set(request, proof)
    return proof
  }
}

/**
 * Holds a proof against the token that the request carries: `cnf.jkt` must be the proof's key. Uses the proof up.
 *
 * @throws {Refusal} 401
 * @see RFC 9449 §6.1, §7.1
 */
export async function checkConfirmation(proof: DpopProof | null, cnf: unknown): Promise<void> {
  if (!proof?.namesToken) throw dpopRefusal('invalid_dpop_proof')
  if (!isRecord(cnf) || !isSameText(cnf.jkt, proof.jkt)) throw dpopRefusal('invalid_token')
  await proof.spend()
}

async function verify(
  text: string,
  now: number,
  clockTolerance: number,
): Promise<{ jkt: string; claims: JWTPayload }> {
  try {
    const { payload, protectedHeader } = await jwtVerify(text, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: [...signatureAlgorithms],
      currentDate: new Date(now * 1000),
      clockTolerance,
    })
    return { jkt: await calculateJwkThumbprint(protectedHeader.jwk ?? {}), claims: payload }
  } catch (cause) {
    throw invalidProof(cause)
  }
}

function invalidProof(cause?: unknown): Refusal {
  return dpopRefusal('invalid_dpop_proof', cause)
}

/** Without query and fragment. A proxy that ends TLS leaves us with http: and the right host. @see RFC 9449 §4.3 */
function isSameUrl(htu: unknown, url: string): boolean {
  const claimed = typeof htu === 'string' ? parseUrl(htu) : null
  const { origin, host, pathname } = new URL(url)
  const isOwn = claimed?.origin === origin || claimed?.origin === `https://${host}`
  return isOwn && claimed?.pathname === pathname
}
