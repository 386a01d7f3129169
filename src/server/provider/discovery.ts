import { isRecord } from '../../core/claims.ts'
import { isSecureUrl, parseUrl } from '../http/url.ts'
import { fetchJson, type ProviderAccess } from './fetch-json.ts'

/**
 * The URL that the issuer's discovery document gives under a name such as `jwks_uri`.
 *
 * @throws when the document is not to be had, is of another issuer, or names nothing secure
 * @see OpenID Connect Discovery 1.0 §4.3
 */
export async function discover(issuer: string, name: string, access: ProviderAccess): Promise<URL> {
  const metadata = await fetchJson(access, `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  // Else whoever answers here could vouch for tokens of somebody else.
  if (!isRecord(metadata) || metadata.issuer !== issuer) {
    throw new Error('The discovery document is of another issuer than the configured one')
  }
  const url = parseUrl(metadata[name])
  if (!url || !isSecureUrl(url)) throw new Error(`The issuer publishes no https ${name}`)
  return url
}
