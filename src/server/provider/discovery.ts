import { isRecord } from '../../core/claims.ts'
import { isSecureUrl, parseUrl } from '../http/url.ts'

/** Milliseconds that the OP has to answer: people wait meanwhile. */
export const fetchTimeout = 5_000

/** A document of the OP. Redirects are not followed, since they could lead anywhere. @throws when it is not to be had */
export async function fetchJson(fetch: typeof globalThis.fetch, url: string | URL): Promise<unknown> {
  const response = await fetch(url, {
    headers: { Accept: 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(fetchTimeout),
  })
  if (response.status !== 200)
    throw new Error(`${new URL(url).pathname} of the OP answered ${response.status}`)
  return response.json()
}

/**
 * The URL that the issuer's discovery document gives under a name such as `jwks_uri`.
 *
 * @throws when the document is not to be had, is of another issuer, or names nothing secure
 * @see OpenID Connect Discovery 1.0 §4.3
 */
export async function discover(issuer: string, name: string, fetch: typeof globalThis.fetch): Promise<URL> {
  const metadata = await fetchJson(fetch, `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  // Else whoever answers here could vouch for tokens of somebody else.
  if (!isRecord(metadata) || metadata.issuer !== issuer) {
    throw new Error('The discovery document is of another issuer than the configured one')
  }
  const url = parseUrl(metadata[name])
  if (!url || !isSecureUrl(url)) throw new Error(`The issuer publishes no https ${name}`)
  return url
}
