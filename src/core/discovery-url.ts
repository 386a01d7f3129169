import { parseUrl } from './web-url.ts'

/** Where an OP's discovery document is. */
export interface DiscoveryPlace {
  readonly issuer: string
  /** Default: at the issuer. */
  readonly metadataUrl?: string | undefined
}

/** The URL of the discovery document. @see OpenID Connect Discovery 1.0 §4 */
export function discoveryUrl({ issuer, metadataUrl }: DiscoveryPlace): string {
  return metadataUrl ?? `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/** How many redirects one after another are followed on the way to a discovery document. */
export const maxRedirects = 3

/**
 * Where an answer sends on, or null where it does not.
 *
 * Discovery follows redirects to every URL for which `isUrlOfOp` holds: the server that answers at the issuer could as
 * well write the same document itself, and name the same hosts in it. Keys, tokens and introspection follow none.
 *
 * @param location the header `Location`
 * @see RFC 9110 §15.4
 */
export function redirectTarget(status: number, location: string | null, from: string): string | null {
  const isRedirect = [301, 302, 303, 307, 308].includes(status)
  return (isRedirect && location !== null && parseUrl(location, from)?.href) || null
}
