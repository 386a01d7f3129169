import { ConfigurationError } from '../../core/errors.ts'
import type { ProviderProfile } from '../../core/provider-profile.ts'

/** @throws {ConfigurationError} with the reason, where no step-up can be had at this provider */
export function throwIfNoStepUp({ name, noStepUp }: ProviderProfile): void {
  if (noStepUp !== undefined)
    throw new ConfigurationError(`No step-up can be had at the provider (${name}): ${noStepUp}`)
}
