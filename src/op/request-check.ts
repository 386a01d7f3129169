import { ConfigurationError } from '../core/errors.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'
import type { AuthorizationRequest } from '../core/tokens.ts'
import type { ProviderMetadata } from './metadata.ts'

/**
 * The `prompt` values that the OP and its profile list, together; undefined when neither lists any.
 *
 * @see Initiating User Registration via OpenID Connect 1.0 §3 (`prompt_values_supported`)
 */
export function listedPrompts(
  { prompt_values_supported: listed }: ProviderMetadata,
  { promptValues }: Pick<ProviderProfile, 'promptValues'>,
): readonly string[] | undefined {
  if (listed === undefined && promptValues === undefined) return undefined
  return [...new Set([...(listed ?? []), ...(promptValues ?? [])])]
}

/**
 * Checks what an OP cannot serve, before anything leaves the page. What `acr_values_supported` lists is not held
 * against a request: OPs let clients have values of their own.
 *
 * @returns the claims that the request must ask ID Tokens for besides
 * @throws {ConfigurationError} naming the provider, what it lacks, and the way out
 * @see OpenID Connect Core 1.0 §3.1.2.1, §5.5.1.1
 */
export function checkRequest(
  { prompt, maxAge, acrValues = [] }: Pick<AuthorizationRequest, 'prompt' | 'maxAge' | 'acrValues'>,
  profile: ProviderProfile,
  metadata: ProviderMetadata,
): Readonly<Record<string, unknown>> {
  if (maxAge !== undefined && !(Number.isFinite(maxAge) && maxAge >= 0))
    throw new ConfigurationError('`maxAge` must be a number of seconds, 0 or more')
  const refuse = (what: string, wayOut: string): never => {
    throw new ConfigurationError(`The provider (${profile.name}) ${what}: ${wayOut}`)
  }
  const values = prompt?.split(' ') ?? []
  if (values.includes('none') && values.length > 1)
    refuse('cannot do this', 'prompt "none" stands alone, or not at all')
  const supported = listedPrompts(metadata, profile)
  for (const value of values) {
    if (value === '' || supported?.includes(value) === false)
      refuse(
        `does not take prompt "${value}"`,
        supported ? `use one of ${supported.join(', ')}` : 'leave it out',
      )
  }
  if (acrValues.length === 0) return {}
  switch (profile.acrClaim) {
    case 'none':
      return refuse(
        'reports no acr',
        'leave acrValues out of the sign-in or the policy, and rely on maxAge or amr',
      )
    case 'essential':
      return { acr: { essential: true, values: acrValues } }
    case 'acrs':
      return {
        acrs: {
          essential: true,
          ...(acrValues.length > 1 ? { values: acrValues } : { value: acrValues[0] }),
        },
      }
    default:
      return {}
  }
}
