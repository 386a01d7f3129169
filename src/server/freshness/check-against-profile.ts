import type { ProviderProfile } from '../../core/provider-profile.ts'
import type { Need } from '../setup/need.ts'

interface PolicyTerms {
  readonly reauthenticate?: boolean
  readonly localIdp?: unknown
}

/** Refuses what an OP of this profile cannot give. @throws {ConfigurationError} */
export function checkAgainstProfile(
  { reauthenticate, localIdp }: PolicyTerms,
  { name, localIdp: rule, authTime, noStepUp }: ProviderProfile,
  need: Need,
): void {
  // A challenge could not be answered, and what such an OP says of a login may mean nothing.
  need(noStepUp === undefined, `no step-up can be had from ${name}: ${noStepUp}`)
  need(
    localIdp !== true || rule !== undefined,
    `localIdp is true, but the provider ${name} has no such rule: give a function`,
  )
  need(
    reauthenticate !== true || authTime !== 'person',
    `reauthenticate cannot be had from ${name}: its auth_time is the person’s last login in any browser. ` +
      'Use maxAge if that is enough, or have the OP report when the session’s own login was',
  )
}
