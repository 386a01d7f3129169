import { encodeBase64url } from '../core/base64url.ts'
import { ConfigurationError } from '../core/errors.ts'
import type { Clock } from '../core/tokens.ts'
import type { Browser } from './browser.ts'
import { loadKey, removeKey } from './dpop-key.ts'
import { overNetwork } from './errors.ts'
import { sha256 } from './sha256.ts'

/** Proof of possession of this browser's key, with each request. */
export interface Dpop {
  /** base64url SHA-256 thumbprint of the public key (RFC 7638), as in `dpop_jkt` and `cnf.jkt`. */
  thumbprint(): Promise<string>
  /**
   * Sends a request with a proof, and with the access token where one is given. A server that asks for a nonce
   * (`use_dpop_nonce`) gets the request once more, with the nonce; its second answer is the answer. The nonces of all
   * answers are kept, each for its own origin. Another origin must allow the `DPoP` request header and expose
   * `DPoP-Nonce` and `WWW-Authenticate`, or the page sees no nonce (RFC 9449 §8.1).
   *
   * @see RFC 9449 §4.2, §7, §8, §9
   */
  send(request: Request, accessToken?: string | null): Promise<Response>
  /**
   * Removes the key from this browser if it can, so that nothing links the next person to sign in to this one. It
   * stays where tabs are isolated: others have sessions by it. It never throws.
   */
  forget(): Promise<void>
}

export interface DpopOptions {
  readonly issuer: string
  readonly clientId: string
  readonly now: Clock
  readonly browser: Pick<Browser, 'fetch'>
  /** Whether this browser has one session; `isolated` tabs have one each, by one key. Default: shared. */
  readonly tabs?: 'shared' | 'isolated'
}

interface Key {
  readonly privateKey: CryptoKey
  readonly jwk: JsonWebKey
}

/**
 * Proofs by one key for all tabs of this issuer and client. It is ours and not `oidc-client-ts`'s (3.5.0), whose tabs
 * make a key each when they start together and keep only the last, which takes every refusal with a nonce for a demand
 * for one, and which keeps no nonce of a good answer.
 *
 * All methods but `forget` throw a `ConfigurationError` where the browser keeps no key.
 */
export function createDpop({ issuer, clientId, now, browser, tabs }: DpopOptions): Dpop {
  const name = `${issuer} ${clientId}`
  const nonces = new Map<string, string>()

  // Read anew each time: another tab may have signed out and in again, and has another key then.
  const loadOwnKey = async (): Promise<Key> => {
    const { privateKey, publicKey } = await loadKey(name).catch(cause => {
      throw new ConfigurationError('`dpop` needs IndexedDB, and this browser refuses it', { cause })
    })
    const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
    // A thumbprint is made of these members in this order (RFC 7638 §3.2).
    return { privateKey, jwk: { crv, kty, x, y } as JsonWebKey }
  }

  const prove = async ({ method, url }: Request, accessToken: string | null): Promise<string> => {
    const { origin, pathname } = new URL(url)
    const { privateKey, jwk } = await loadOwnKey()
    const ath = accessToken === null ? undefined : await sha256(accessToken)
    const nonce = nonces.get(origin)
    const claims = { jti: crypto.randomUUID(), htm: method, htu: origin + pathname, iat: now(), ath, nonce }
    const signed = `${json({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${json(claims)}`
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const signature = await crypto.subtle.sign(algorithm, privateKey, bytes(signed))
    return `${signed}.${encodeBase64url(new Uint8Array(signature))}`
  }

  const attempt = async (request: Request, accessToken: string | null): Promise<Response> => {
    request.headers.set('DPoP', await prove(request, accessToken))
    if (accessToken !== null) request.headers.set('Authorization', `DPoP ${accessToken}`)
    const response = await overNetwork(browser.fetch(request))
    const nonce = response.headers.get('DPoP-Nonce')
    // After a redirect it is the nonce of the server that answered.
    if (nonce) nonces.set(new URL(response.url || request.url).origin, nonce)
    return response
  }

  return {
    thumbprint: async () => sha256(JSON.stringify((await loadOwnKey()).jwk)),
    send: async (request, accessToken = null) => {
      const again = request.clone()
      const response = await attempt(request, accessToken)
      if (!(await asksForNonce(response))) return response
      // The copy's own signal may miss this: Node collects its controller as garbage.
      request.signal.throwIfAborted()
      return attempt(again, accessToken)
    },
    forget: async () => {
      if (tabs !== 'isolated') await removeKey(name).catch(() => {})
    },
  }
}

/** A resource server asks in a header, the OP in its JSON, which must stay readable for the caller. */
async function asksForNonce(response: Response): Promise<boolean> {
  const { status, headers } = response
  if (!headers.has('DPoP-Nonce') || (status !== 400 && status !== 401)) return false
  if (/\berror *= *"?use_dpop_nonce\b/i.test(headers.get('WWW-Authenticate') ?? '')) return true
  const answer = await response
    .clone()
    .json()
    .catch(() => null)
  return answer?.error === 'use_dpop_nonce'
}

function bytes(text: string): ReturnType<TextEncoder['encode']> {
  return new TextEncoder().encode(text)
}

function json(value: object): string {
  return encodeBase64url(bytes(JSON.stringify(value)))
}
