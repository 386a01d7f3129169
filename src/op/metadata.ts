import { ConfigurationError } from '../core/errors.ts'
import { type ExpectedProvider, judgeProvider, withoutNulls } from '../core/judge-provider.ts'

/** The members of a discovery document that this package reads. @see OpenID Connect Discovery 1.0 §3 */
export interface ProviderMetadata {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly jwks_uri: string
  readonly revocation_endpoint?: string
  readonly end_session_endpoint?: string
  readonly userinfo_endpoint?: string
  readonly response_modes_supported?: readonly string[]
  readonly claims_parameter_supported?: boolean
  readonly prompt_values_supported?: readonly string[]
  readonly acr_values_supported?: readonly string[]
  readonly id_token_signing_alg_values_supported?: readonly string[]
  readonly authorization_response_iss_parameter_supported?: boolean
}

/**
 * Checks a discovery document by the rules of `judgeProvider`. It is input like any other: the page goes to its endpoints
 * and sends codes there. A member that is null counts as absent.
 *
 * @throws {ConfigurationError} saying all that stands in the way, and what to do
 * @see OpenID Connect Discovery 1.0 §3, §4.3
 */
export function readMetadata(
  document: Readonly<Record<string, unknown>>,
  expected: ExpectedProvider,
): ProviderMetadata {
  const faults = judgeProvider(document, expected).filter(({ level }) => level === 'fail')
  if (faults.length > 0) {
    const reasons = faults.map(({ text }) => text)
    throw new ConfigurationError(`${expected.issuer} cannot be used. ${reasons.join(' ')}`)
  }
  return withoutNulls(document) as Readonly<Record<string, unknown>> & ProviderMetadata
}
