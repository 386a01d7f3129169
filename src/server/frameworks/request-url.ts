import { parseUrl } from '../http/url.ts'

/** A host as `Host` may spell it, without anything that could begin a path, a query or a user's name in a URL. */
const authorityForm = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d*)?$/i
const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i

/**
 * The URL that a request was sent to, or null when there is none. A target in absolute form names the host itself.
 *
 * @param scheme of the connection
 * @param host the `Host` or `:authority` header
 * @param target as the request line has it: `/path?query` or `http://host/path?query`
 * @see RFC 9112 §3.2, §3.3
 */
export function requestUrl(scheme: string, host: string | undefined, target: string): URL | null {
  const [, authority = host ?? '', path = target] = absoluteForm.exec(target) ?? []
  const isRight = /^https?$/.test(scheme) && authorityForm.test(authority) && /^(?:[/?]|$)/.test(path)
  return isRight ? parseUrl(`${scheme}://${authority}${path}`) : null
}
