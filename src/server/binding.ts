import { encodeBase64url } from '../core/base64url.ts'
import { sha256 } from './hash.ts'
import { isLoopbackHttp, parseUrl } from './url.ts'

/**
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
  /** base64url(SHA-256(cookie value)): what goes into tokens. */
  readonly hash: string
  readonly setCookie: string
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

/** The hash of the request's binding cookie, or null when it has none. */
export async function readBinding(request: Request, options: BindingOptions): Promise<string | null> {
  const value = readCookie(request, options)
  return value === null ? null : sha256(value)
}

/** The request's binding, made now if it has none, with the cookie that keeps it for `maxAge` seconds. */
export async function ensureBinding(
  request: Request,
  options: BindingOptions,
  maxAge: number,
): Promise<Binding> {
  const value = readCookie(request, options) ?? encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))
  const attributes = `Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict`
  return {
    hash: await sha256(value),
    setCookie: `${cookieName(request, options)}=${value}; ${attributes}${isSecure(request, options) ? '; Secure' : ''}`,
  }
}
