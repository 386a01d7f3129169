import { encodeBase64url } from '../core/base64url.ts'
import { sha256 } from './hash.ts'
import type { GuardSetup } from './options.ts'
import { isLoopbackHttp, parseUrl } from './url.ts'

/**
 * Ties challenges and grants to the key of the request's DPoP proof (RFC 9449), or else to a cookie.
 *
 * The binding cookie ties challenges and grants to one browser: without it somebody could lure another person
 * into answering his challenge, or use a grant that he saw. Its value is random, names nobody, and once set it
 * stays the same, because other tabs hold challenges bound to it; each answer only prolongs it.
 */
export interface BindingOptions {
  /** The cookie's name, after `__Host-` where that applies. Default: `afresh`. */
  readonly name?: string
  /**
   * Whether to insist on `Secure` and `__Host-`. Default: always, but for plain HTTP to localhost, where
   * browsers would drop such a cookie. A proxy that ends TLS and says `localhost` to us is seen through by the
   * browser's `Origin`, which a GET has not: set it to true there. `X-Forwarded-Proto`, which anybody can send,
   * is never asked.
   */
  readonly secure?: boolean
}

export interface Binding {
  /** The DPoP key's thumbprint, or base64url(SHA-256(cookie value)): what goes into tokens. */
  readonly hash: string
  readonly headers: Readonly<Record<string, string>>
  /** The scheme of challenges that go with it. */
  readonly scheme: 'Bearer' | 'DPoP'
}

function isSecure(request: Request, { secure }: BindingOptions): boolean {
  const origin = request.headers.get('Origin') ?? request.url
  return secure ?? !(isLoopbackHttp(parseUrl(request.url)) && isLoopbackHttp(parseUrl(origin)))
}

function cookieName(request: Request, options: BindingOptions): string {
  return `${isSecure(request, options) ? '__Host-' : ''}${options.name ?? 'afresh'}`
}

function readCookie(request: Request, options: BindingOptions): string | null {
  const start = `${cookieName(request, options)}=`
  const cookies = request.headers.get('Cookie')?.split(/; */) ?? []
  const value = cookies.find(cookie => cookie.startsWith(start))?.slice(start.length)
  // Only what we may have set ourselves goes back into a header.
  return value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null
}

/** What the request is bound by: its proof's key if it has a proof, else its cookie; null when it has neither. */
export async function readBinding(guard: GuardSetup, request: Request, now: number): Promise<string | null> {
  const proof = await guard.readProof(request, now)
  if (proof) return proof.jkt
  const value = readCookie(request, guard.cookie)
  return value === null ? null : sha256(value)
}

/** The request's binding; when it has none, a cookie made now. */
export async function ensureBinding(guard: GuardSetup, request: Request, now: number): Promise<Binding> {
  const proof = await guard.readProof(request, now)
  if (proof) return { hash: proof.jkt, headers: {}, scheme: 'DPoP' }
  const { cookie: options, cookieMaxAge } = guard
  const value = readCookie(request, options) ?? encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))
  const attributes = `Path=/; Max-Age=${cookieMaxAge}; HttpOnly; SameSite=Strict`
  const setCookie = `${cookieName(request, options)}=${value}; ${attributes}${isSecure(request, options) ? '; Secure' : ''}`
  return { hash: await sha256(value), headers: { 'Set-Cookie': setCookie }, scheme: 'Bearer' }
}
