/** The URL in `text`, or null when there is none. */
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

/** The same for a URL as `Request` and `Origin` spell it, at a tenth of the price. */
export function isLoopbackText(url: string): boolean {
  return /^http:\/\/(localhost|[^/:@]+\.localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(url)
}

/** Whether what comes from this URL can be trusted to come from there: HTTPS, or the machine itself. */
export function isSecureUrl(url: URL | null): boolean {
  return url?.protocol === 'https:' || isLoopbackHttp(url)
}
