/** The URL that `text` is, or null when it is none. */
export function parseUrl(text: unknown): URL | null {
  try {
    return new URL(String(text))
  } catch {
    return null
  }
}

/** Whether this is plain HTTP to the machine itself: development, where no network can listen in. */
export function isLoopbackHttp(url: URL | null): boolean {
  return url?.protocol === 'http:' && /^(localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
}

/** The same for a URL as `Request` and `Origin` spell it, at a tenth of the cost. */
export function isLoopbackText(url: string): boolean {
  return /^http:\/\/(localhost|[^/:@]+\.localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(url)
}

/** Whether an answer from this URL can be trusted to come from there: by HTTPS, or from this machine. */
export function isSecureUrl(url: URL | null): boolean {
  return url?.protocol === 'https:' || isLoopbackHttp(url)
}

/**
 * Whether two texts are the same http or https URI, but for query and fragment: after RFC 3986's normalisation (case of
 * scheme, host and percent escapes; unreserved characters that need no escape; default ports; dot segments; no path is
 * `/`). A text that is no such URI, or that names a user, equals nothing.
 *
 * @see RFC 3986 §6.2.2, §6.2.3; RFC 9449 §4.3
 */
export function isSameHttpUri(a: unknown, b: unknown): boolean {
  const uri = normalHttpUri(a)
  return uri !== null && uri === normalHttpUri(b)
}

function normalHttpUri(text: unknown): string | null {
  const url = typeof text === 'string' ? parseUrl(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null
  // The URL parser does everything else, but leaves escapes as they are.
  const path = url.pathname.replace(/%[\da-f]{2}/gi, escaped => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : escaped.toUpperCase()
  })
  return url.origin + path
}
