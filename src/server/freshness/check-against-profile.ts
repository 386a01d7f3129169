import type { ProviderProfile } from '../../core/provider-profile.ts'
import { checkAcrValues, checkStepUps } from '../setup/check-provider-ability.ts'
import type { Need } from '../setup/need.ts'

interface PolicyTerms {
  readonly reauthenticate?: boolean
  readonly localIdp?: unknown
  readonly acrValues?: readonly string[]
}

/** Refuses what an OP of this profile cannot give. @throws {ConfigurationError} */
export function checkAgainstProfile(
  { reauthenticate, localIdp, acrValues }: PolicyTerms,
  profile: ProviderProfile,
  need: Need,
): void {
  const { name, localIdp: rule, authTime } = profile
  checkStepUps(profile, need)
  checkAcrValues(acrValues, profile, need)
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
