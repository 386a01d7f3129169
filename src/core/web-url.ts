/** A URL taken apart, as far as this package reads it. */
export interface WebUrl {
  readonly href: string
  readonly origin: string
  /** With its colon, such as `https:`. */
  readonly protocol: string
  readonly hostname: string
  readonly pathname: string
}

/** The platform's parser. Every runtime has it, though it is no part of the language. */
declare const URL: new (text: string, base?: string) => WebUrl

/**
 * The URL that `text` is, or null when it is none. It stands in for `URL.canParse`, which Chrome has since 120 and Safari
 * since 17.
 */
export function parseUrl(text: string, base?: string): WebUrl | null {
  try {
    return new URL(text, base)
  } catch {
    return null
  }
}

/**
 * Whether the OP of this issuer may be asked at this URL: by https, or, where the issuer is http, by http on this
 * machine. It is *not* checked whether the URL is the OP's own: many OPs use several hosts.
 */
export function isUrlOfOp(value: unknown, issuer: string): value is string {
  const url = typeof value === 'string' ? parseUrl(value) : null
  if (!url) return false
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && issuer.startsWith('http:') && isLoopback(url.hostname)
}

/** @see RFC 6761 §6.3 (`localhost` and what is under it), RFC 1122 §3.2.1.3, RFC 4291 §2.5.3 */
function isLoopback(hostname: string): boolean {
  return /(^|\.)localhost$/.test(hostname) || /^127(\.\d+){3}$/.test(hostname) || hostname === '[::1]'
}
