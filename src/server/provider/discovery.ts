import { isRecord } from '../../core/claims.ts'
import { type DiscoveryPlace, discoveryUrl } from '../../core/discovery-url.ts'
import { isLoopbackHttp, parseUrl } from '../http/url.ts'
import { fetchJson, type ProviderAccess } from './fetch-json.ts'

/**
 * Whether the OP of this issuer may be asked at this URL: by https, or by http on this machine if the issuer is on this
 * machine too. The document of an OP elsewhere must not send us, or our client secret, to a port of this machine.
 */
export function isUrlOfOp(url: URL | null, issuer: string): url is URL {
  // fetch refuses a URL with a password in it.
  if (url?.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (isLoopbackHttp(url) && isLoopbackHttp(parseUrl(issuer)))
}

const spelling =
  'the option issuer must be spelt as the document spells it, with or without a slash at its end'

/** How to find an OP's discovery document. */
export interface DiscoverySource extends DiscoveryPlace {
  /** What it says; nothing is fetched then. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

/** What an OP says of itself. It comes from outside, so each member is to be checked. */
export type Metadata = Readonly<Record<string, unknown>>

/**
 * The issuer's discovery document.
 *
 * @throws when it cannot be fetched, or is of another issuer
 * @see OpenID Connect Discovery 1.0 §4.3
 */
export async function readMetadata(source: DiscoverySource, access: ProviderAccess): Promise<Metadata> {
  const { issuer } = source
  const mayFollow = (url: URL): boolean => isUrlOfOp(url, issuer)
  const metadata = source.metadata ?? (await fetchJson(access, discoveryUrl(source), { mayFollow }))
  // Otherwise the server that answers here could vouch for the tokens of another issuer.
  if (!isRecord(metadata) || metadata.issuer !== issuer) {
    throw new Error(`The discovery document is of another issuer than "${issuer}": ${spelling}`)
  }
  return metadata
}

/** The URL that the document gives under a name such as `jwks_uri`. @throws unless `isUrlOfOp` holds for it */
export function urlIn(metadata: Metadata, name: string, issuer: string): URL {
  const url = parseUrl(metadata[name])
  if (!isUrlOfOp(url, issuer)) throw new Error(`The issuer publishes no https ${name}`)
  return url
}

/** Both in one. */
export async function discover(source: DiscoverySource, name: string, access: ProviderAccess): Promise<URL> {
  return urlIn(await readMetadata(source, access), name, source.issuer)
}
