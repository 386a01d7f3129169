import { genericProfile, type ProviderProfile } from '../core/provider-profile.ts'

export type { ProviderProfile } from '../core/provider-profile.ts'

/**
 * Any OP that follows the specifications; what it can do is read from its discovery document.
 *
 * @param differences what is known to be otherwise
 */
export function generic(differences: Partial<ProviderProfile> = {}): ProviderProfile {
  return { ...genericProfile, ...differences }
}
