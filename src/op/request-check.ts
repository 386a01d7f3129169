import { ConfigurationError } from '../core/errors.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'
import type { AuthorizationRequest } from '../core/tokens.ts'
import type { ProviderMetadata } from './metadata.ts'

/**
 * Checks what an OP may not be able to serve, before anything leaves the page.
 *
 * @returns the claims that the request must ask for besides
 * @throws {ConfigurationError} naming the provider, what it lacks, and the way out
 * @see OpenID Connect Core 1.0 §3.1.2.1, §5.5.1.1; Initiating User Registration via OpenID Connect 1.0 §4
 */
export function checkRequest(
  { prompt, acrValues }: Pick<AuthorizationRequest, 'prompt' | 'acrValues'>,
  { name, promptValues, acrClaim }: ProviderProfile,
  metadata: ProviderMetadata,
): Readonly<Record<string, unknown>> {
  const refuse = (what: string, wayOut: string): never => {
    throw new ConfigurationError(`The provider (${name}) ${what}: ${wayOut}`)
  }
  const values = prompt?.split(' ') ?? []
  if (values.includes('none') && values.length > 1)
    refuse('cannot do this', 'prompt "none" stands alone, or not at all')
  const supported = metadata.prompt_values_supported ?? promptValues
  for (const value of values) {
    if (value === '' || supported?.includes(value) === false)
      refuse(
        `does not take prompt "${value}"`,
        supported ? `use one of ${supported.join(', ')}` : 'leave it out',
      )
  }
  if (acrValues === undefined) return {}
  if (acrClaim === 'none')
    refuse('reports no acr', 'leave acrValues out of the policy, and rely on maxAge or amr')
  const offered = metadata.acr_values_supported
  if (offered && !acrValues.some(acr => offered.includes(acr)))
    refuse(
      `offers none of the acr values ${acrValues.join(', ')}`,
      `ask for one of ${offered.join(', ')}, or set the provider up for them`,
    )
  return acrClaim === 'essential' ? { acr: { essential: true, values: acrValues } } : {}
}
