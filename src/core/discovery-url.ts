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
