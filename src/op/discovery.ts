import { ConfigurationError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import { keep, recall } from './storage.ts'

/** The members of a discovery document that this package reads. @see OpenID Connect Discovery 1.0 §3 */
export interface ProviderMetadata {
  readonly issuer: string
  readonly token_endpoint: string
  readonly jwks_uri: string
  readonly revocation_endpoint?: string
  readonly end_session_endpoint?: string
  readonly response_modes_supported?: readonly string[]
  readonly claims_parameter_supported?: boolean
  readonly prompt_values_supported?: readonly string[]
  readonly acr_values_supported?: readonly string[]
  readonly id_token_signing_alg_values_supported?: readonly string[]
  readonly authorization_response_iss_parameter_supported?: boolean
}

/** Seconds that a tab relies on a discovery document without asking again. */
const lifetime = 3600

/**
 * The OP's discovery document: from this tab's sessionStorage (it holds no secret, and a reload saves a round
 * trip), else from the OP.
 *
 * @throws {ConfigurationError} when the document is another issuer's
 * @see OpenID Connect Discovery 1.0 §4.3
 */
export async function discover(
  issuer: string,
  load: () => Promise<{ readonly issuer?: string }>,
  now: Clock,
): Promise<ProviderMetadata> {
  const key = `afresh:metadata:${issuer}`
  const kept = recall<{ readonly at: number; readonly metadata: ProviderMetadata }>(key)
  if (kept?.metadata?.issuer === issuer && Math.abs(now() - kept.at) < lifetime) return kept.metadata
  const metadata = await load()
  if (metadata.issuer !== issuer) {
    throw new ConfigurationError(
      `The discovery document at ${issuer} names another issuer: ${metadata.issuer}`,
    )
  }
  keep(key, { at: now(), metadata })
  return metadata as ProviderMetadata
}
