import { encodeBase64url } from '../../core/base64url.ts'
import { sha256 } from '../crypto/hash.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { isSameText } from '../crypto/mac.ts'
import { isLoopbackText } from '../http/url.ts'
import type { Binding } from './binding.ts'

/**
 * How the binding cookie is set. Its value is random, names no person, and has a MAC by the guard's keys, so that an
 * invented or planted cookie counts for nothing. The value stays the same, because other tabs hold challenges that are
 * bound to it. Each 401 only prolongs the cookie.
 */
export interface BindingOptions {
  /**
   * The beginning of the cookie's name: 1 to 64 letters, digits, `_` or `-`. A `Secure` cookie has `__Host-` before it.
   * Default: `afresh`.
   */
  readonly name?: string
  /**
   * Whether the cookie always has `Secure` and `__Host-`. Default: true, except for plain HTTP to localhost, where
   * browsers would drop such a cookie.
   *
   * Set it to true behind a proxy that ends TLS and calls this server as `localhost`. There the guard knows the real
   * origin from the browser's `Origin` only, and a GET has none. `X-Forwarded-Proto` is never read, because any client
   * can send it.
   */
  readonly secure?: boolean
}

/** What a cookie binding is made of. */
export interface CookieBindingOptions extends BindingOptions {
  readonly keys: KeyRing
  /** This API: guards of other APIs on the same host have cookies of their own. */
  readonly audience: string
  /** Seconds. */
  readonly maxAge: number
}

/** How many cookies are kept. Several first 401s at once set several, and each challenge is bound to its own. */
const kept = 4
/** How many are expired in one answer, at most. */
const expired = 8
/** How many are checked. Each costs a MAC for each key, and a client can invent as many as a header holds. */
const lookedAt = 16

interface Cookie {
  readonly name: string
  readonly random: string
}

interface Candidate extends Cookie {
  readonly mac: string
}

/** Binds to an HttpOnly cookie. Any of the browser's cookies that we have made may match. */
export function createCookieBinding(options: CookieBindingOptions): Binding {
  const { keys, audience, maxAge, name: prefix = 'afresh' } = options

  /** What the names of this guard's cookies begin with, for this request. */
  async function stemFor({ url, headers }: Request): Promise<string> {
    const isSecure = options.secure ?? !(isLoopbackText(url) && isLoopbackText(headers.get('Origin') ?? url))
    return `${isSecure ? '__Host-' : ''}${prefix}-${(await sha256(audience)).slice(0, 8)}-`
  }

  const signed = ({ name, random }: Cookie): string => `binding ${name} ${random}`

  /** The request's cookies that carry our MAC, in the order in which the browser got them, each name once. */
  async function ownCookies(request: Request, stem: string): Promise<Cookie[]> {
    const own = new Map<string, Cookie>()
    for (const { name, random, mac } of candidates(request, stem)) {
      const cookie = { name, random }
      if (!own.has(name) && (await keys.isSigned(signed(cookie), mac))) own.set(name, cookie)
    }
    return [...own.values()]
  }

  function newCookie(stem: string): Cookie {
    const bytes = new Uint8Array(38)
    crypto.getRandomValues(bytes)
    const text = encodeBase64url(bytes)
    return { name: stem + text.slice(0, 8), random: text.slice(8, 51) }
  }

  async function line(cookie: Cookie, seconds: number): Promise<string> {
    const value = seconds > 0 ? `${cookie.random}.${await keys.sign(signed(cookie))}` : ''
    const secure = cookie.name.startsWith('__Host-') ? '; Secure' : ''
    return `${cookie.name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`
  }

  return {
    scheme: 'Bearer',
    async bind(request) {
      const stem = await stemFor(request)
      const own = await ownCookies(request, stem)
      const first = own[0] ?? newCookie(stem)
      // Signed anew, so that a cookie outlives the key that it was first signed with.
      const lines = [first, ...own.slice(1, kept)].map(cookie => line(cookie, maxAge))
      const surplus = own.slice(kept, kept + expired).map(cookie => line(cookie, 0))
      return { hash: await sha256(first.random), cookies: await Promise.all([...lines, ...surplus]) }
    },
    async matches(request, hash) {
      for (const { random } of await ownCookies(request, await stemFor(request))) {
        if (await isSameText(await sha256(random), hash)) return true
      }
      return false
    },
    async confirm() {},
  }
}

/** The first cookies of a request that have the shape of this guard's. */
function candidates(request: Request, stem: string): Candidate[] {
  const found: Candidate[] = []
  for (const pair of request.headers.get('Cookie')?.split(/; */) ?? []) {
    const [, name, random = '', mac = ''] = /^([^=]+)=([\w-]{43})\.([\w-]{43})$/.exec(pair) ?? []
    const isOurs = name?.startsWith(stem) && /^[\w-]{8}$/.test(name.slice(stem.length))
    if (name !== undefined && isOurs) found.push({ name, random, mac })
    if (found.length === lookedAt) break
  }
  return found
}
