import { isSecureUrl, parseUrl } from '../http/url.ts'
import type { Need } from './need.ts'

/** The base URL under which clients reach a guard's routes, or a function that gives it for each request. */
export type PublicUrl = string | ((request: Request) => string)

/**
 * Makes the function that says which URL a caller sent a request to. It never reads the request's `Host`, which the
 * caller chooses: a proxy or a client must not decide by it where a DPoP proof is good.
 *
 * @param audience if it is a URL, its origin is the base where `publicUrl` is left out
 * @returns undefined when neither gives a base
 * @throws {ConfigurationError} for a base that is no URL
 * @see RFC 9449 §4.3 (`htu`)
 */
export function readPublicUrl(
  publicUrl: PublicUrl | undefined,
  audience: string,
  need: Need,
): ((request: Request) => string) | undefined {
  if (typeof publicUrl === 'function') return request => under(publicUrl(request), request)
  if (publicUrl !== undefined) {
    const base = typeof publicUrl === 'string' ? parseUrl(publicUrl) : null
    need(
      base !== null && isSecureUrl(base) && base.search === '' && base.hash === '',
      'publicUrl must be an https URL without query and fragment (http on localhost), or a function',
    )
    return request => under(publicUrl, request)
  }
  const origin = parseUrl(audience)?.origin ?? 'null'
  return origin === 'null' ? undefined : request => under(origin, request)
}

function under(base: string, request: Request): string {
  return base.replace(/\/+$/, '') + new URL(request.url).pathname
}
