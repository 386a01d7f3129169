import type { Answer } from './answer.ts'

/**
 * Whether the page that the browser names may send this request. A page cannot forge either header. Without `Origin`,
 * the caller is no browser and has no person's cookies. Behind a proxy that changes `Host`, our own address is not the
 * page's: `Sec-Fetch-Site` decides then, and for browsers without it (Safari before 16.4) the app's origin must be in
 * `origins`.
 *
 * @see Fetch Metadata Request Headers §2.3
 */
export function isTrustedOrigin(request: Request, origins: readonly string[]): boolean {
  const origin = request.headers.get('Origin')
  if (origin === null || origins.includes(origin)) return true
  // Behind a proxy that ends TLS, the URL has http: and the right host, maybe with the port of https.
  const own = [request.url, request.url.replace(/^http:/, 'https:')]
  const isOwn = own.some(url => new URL(url).origin === origin)
  return isOwn || request.headers.get('Sec-Fetch-Site') === 'same-origin'
}

/**
 * Whether a page of another site sends this. A `SameSite=Strict` cookie would not come back from there.
 *
 * @see Fetch Metadata Request Headers §2.3
 */
export function isCrossSite(request: Request): boolean {
  return request.headers.get('Sec-Fetch-Site') === 'cross-site'
}

/**
 * Adds the headers that let pages of the allowed origins send such a request with cookies, and read all of the answer.
 */
export function withCors(request: Request, origins: readonly string[], answer: Answer): Answer {
  return { ...answer, headers: { ...corsHeaders(request, origins), ...answer.headers } }
}

/** Adds the same to the answer of another guard, which keeps the headers that it has. */
export function addCors(request: Request, origins: readonly string[], response: Response): Response {
  for (const [name, value] of Object.entries(corsHeaders(request, origins))) {
    if (!response.headers.has(name)) response.headers.set(name, value)
  }
  return response
}

/** The headers of our answers that a page of another origin needs, and could not read otherwise. */
export const exposedHeaders: string = 'WWW-Authenticate, Retry-After, Date'

function corsHeaders(request: Request, origins: readonly string[]): Readonly<Record<string, string>> {
  const origin = request.headers.get('Origin')
  if (origin === null || !origins.includes(origin)) return { Vary: 'Origin' }
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': exposedHeaders,
  }
}

/** The answer to a preflight. Without the headers above, it allows nothing. */
export const preflightAnswer: Answer = {
  status: 204,
  headers: {
    Allow: 'POST, OPTIONS',
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': 'Content-Type, Authorization, DPoP',
    'Access-Control-Max-Age': '600',
  },
}
