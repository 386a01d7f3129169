import { ConfigurationError } from '../core/errors.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * What names the APIs that an access token is for, in authorization and token requests: pairs of name and value, as the
 * provider's profile spells the name. Empty where the OP knows an API by the scope's names (`resourceParam: 'none'`).
 *
 * @param resources as the OP knows them
 * @throws {ConfigurationError} for several, where the OP's parameter takes one only (`audience`)
 * @see RFC 8707 §2 (several `resource` parameters in one request)
 */
export function resourceParameters(
  { name, resourceParam = 'resource' }: Pick<ProviderProfile, 'name' | 'resourceParam'>,
  resources: readonly string[],
): readonly (readonly [name: string, value: string])[] {
  if (resourceParam === 'none') return []
  if (resourceParam === 'audience' && resources.length > 1)
    throw new ConfigurationError(
      `The provider (${name}) takes one API in a request: ask for ${resources.join(', ')} one after the other`,
    )
  return resources.map(resource => [resourceParam, resource])
}
