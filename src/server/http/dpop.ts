import { isRecord } from '../../core/claims.ts'
import { ConfigurationError } from '../../core/errors.ts'
import { sha256 } from '../crypto/hash.ts'
import { isSameText } from '../crypto/mac.ts'
import type { FreshnessStore } from '../stores/store.ts'
import { dpopRefusal, invalidProof } from './dpop-refusal.ts'
import { verifyProof } from './dpop-signature.ts'
import { problem } from './problem.ts'
import { isSameHttpUri } from './url.ts'

/**
 * How many seconds old a proof may be, besides the skew: it is made for one request, which takes some time to arrive.
 */
const lifetime = 60

/** Proof that the sender of a request holds a key. */
export interface DpopProof {
  /** The key's RFC 7638 thumbprint. */
  readonly jkt: string
  /** Whether the proof names the access token that the request carries in `Authorization: DPoP`. */
  readonly namesToken: boolean
  /** Uses the proof up. Another call for the same request does nothing. @throws {Refusal} when it was used before */
  spend(): Promise<void>
}

/** What a reader of DPoP proofs has to know. */
export interface ProofReaderOptions {
  readonly store: FreshnessStore
  /**
   * The kind of guard. It and `audience` keep the proofs that were used apart from those of other guards in the same
   * store.
   */
  readonly prefix: string
  readonly audience: string
  /** Seconds. */
  readonly clockSkew: number
  /** The URL that the caller sent a request to; undefined when the guard does not know it. */
  readonly expectedUrl: ((request: Request) => string) | undefined
}

/** Gives the proof of a request, or null when it has none. A proof that does not hold is refused, never ignored. */
export type ReadProof = (request: Request, now: number) => Promise<DpopProof | null>

/**
 * Reads a request's `DPoP` header, once for each `Request`: signed by the key in its own header, which must be a public
 * one; made for this method and URL, now, and for the access token if the request carries one as `DPoP`. `spend` makes
 * sure that it is used only once, after the sender is known; otherwise any client could fill the store. Nonces of the
 * server's own are *not* asked for.
 *
 * The function throws a `ConfigurationError` when the guard does not know its own URL.
 *
 * @see RFC 9449 §4.3
 */
export function createProofReader(options: ProofReaderOptions): ReadProof {
  const { store, prefix, audience, clockSkew, expectedUrl } = options
  const known = new WeakMap<Request, Promise<DpopProof>>()

  async function read(text: string, request: Request, now: number): Promise<DpopProof> {
    if (!expectedUrl)
      throw new ConfigurationError('A DPoP proof came: set publicUrl, or an audience that is a URL')
    const { jkt, claims } = await verifyProof(text, now, clockSkew)
    const { jti, htm, htu, iat, ath } = claims
    const isOld = !(typeof iat === 'number' && iat >= now - lifetime - clockSkew && iat <= now + clockSkew)
    if (isOld || typeof jti !== 'string' || jti === '' || htm !== request.method) throw invalidProof()
    if (!isSameHttpUri(htu, expectedUrl(request))) throw invalidProof()
    const token = /^DPoP +([^ ]+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1]
    if (token !== undefined && !(await isSameText(ath, await sha256(token)))) throw invalidProof()

    let spent: Promise<boolean> | undefined
    return {
      jkt,
      namesToken: token !== undefined,
      async spend() {
        const ttl = Math.ceil(iat) + lifetime + clockSkew - now + 1 + 2 * clockSkew
        // Hashed, because the sender decides how long a jti is.
        spent ??= sha256(JSON.stringify([audience, jkt, jti])).then(key =>
          store.consume(`${prefix}:${key}`, ttl),
        )
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
 * Checks a proof against the token that the request carries: `cnf.jkt` must be the proof's key. It does *not* use the
 * proof up.
 *
 * @returns the proof
 * @throws {Refusal} 401
 * @see RFC 9449 §6.1, §7.1
 */
export async function matchConfirmation(proof: DpopProof | null, cnf: unknown): Promise<DpopProof> {
  if (!proof?.namesToken) throw dpopRefusal('invalid_dpop_proof')
  if (!isRecord(cnf) || !(await isSameText(cnf.jkt, proof.jkt))) {
    const wrong = problem('cnf.jkt', 'is not the key of the DPoP proof')
    throw dpopRefusal('invalid_token', { problem: wrong })
  }
  return proof
}

/** Does what `matchConfirmation` does, and uses the proof up. @throws {Refusal} 401 */
export async function checkConfirmation(proof: DpopProof | null, cnf: unknown): Promise<void> {
  const matched = await matchConfirmation(proof, cnf)
  await matched.spend()
}
