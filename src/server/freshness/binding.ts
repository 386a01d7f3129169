import { sha256 } from '../crypto/hash.ts'
import { isLoopbackText } from '../http/url.ts'
import type { GuardSetup } from './options.ts'

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

interface Cookie {
  readonly name: string
  readonly isSecure: boolean
  /** Null when the request has none that we may have set. */
  readonly value: string | null
}

function readCookie({ url, headers }: Request, options: BindingOptions): Cookie {
  const origin = headers.get('Origin') ?? url
  const isSecure = options.secure ?? !(isLoopbackText(url) && isLoopbackText(origin))
  const name = `${isSecure ? '__Host-' : ''}${options.name ?? 'afresh'}`
  const cookies = headers.get('Cookie')?.split(/; */) ?? []
  const value = cookies.find(cookie => cookie.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  // Only what we may have set ourselves goes back into a header.
  return { name, isSecure, value: /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null }
}

/** What the request is bound by: its proof's key if it has a proof, else its cookie; null when it has neither. */
export async function readBinding(guard: GuardSetup, request: Request, now: number): Promise<string | null> {
  const proof = await guard.readProof(request, now)
  if (proof) return proof.jkt
  const { value } = readCookie(request, guard.cookie)
  return value === null ? null : sha256(value)
}

/** The request's binding; when it has none, a cookie made now. */
export async function ensureBinding(guard: GuardSetup, request: Request, now: number): Promise<Binding> {
  const proof = await guard.readProof(request, now)
  if (proof) return { hash: proof.jkt, headers: {}, scheme: 'DPoP' }
  const { name, isSecure, ...cookie } = readCookie(request, guard.cookie)
  // Of 244 random bits. Node has them in store for UUIDs, and goes to the system for getRandomValues each time.
  const value = cookie.value ?? (await sha256(crypto.randomUUID() + crypto.randomUUID()))
  const attributes = `Path=/; Max-Age=${guard.cookieMaxAge}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
  const headers = { 'Set-Cookie': `${name}=${value}; ${attributes}` }
  return { hash: await sha256(value), headers, scheme: 'Bearer' }
}
