import type { ProviderProfile } from '../../core/provider-profile.ts'
import type { Need } from './need.ts'

/**
 * Refuses demands on a login where no step-up can be had: a challenge could not be answered, and what such an OP says of
 * a login may mean nothing.
 *
 * @throws {ConfigurationError}
 */
export function checkStepUps({ name, noStepUp }: ProviderProfile, need: Need): void {
  need(noStepUp === undefined, `no step-up can be had from ${name}: ${noStepUp}`)
}

/** Refuses to ask for an `acr` where none is reported, since no login would have it. @throws {ConfigurationError} */
export function checkAcrValues(acrValues: unknown, { name, acrClaim }: ProviderProfile, need: Need): void {
  need(
    acrValues === undefined || acrClaim !== 'none',
    `acrValues cannot be had from ${name}, which reports none. Where yours does, give its profile another acrClaim, ` +
      'such as voluntary',
  )
}
