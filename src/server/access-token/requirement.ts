import { isRecord } from '../../core/claims.ts'
import type { ProviderProfile } from '../../core/provider-profile.ts'
import { checkAcrValues, checkStepUps } from '../setup/check-provider-ability.ts'
import { knownOptions } from '../setup/known-options.ts'
import { isOptionalWords, isWholeNumber, isWord, type Need, needFor } from '../setup/need.ts'

/** What a call needs of its access token. Without any of these, any good token passes. */
export interface AccessTokenRequirement {
  /**
   * How many seconds ago the person may have authenticated. With `0`, a login of `clockSkew` seconds ago still counts.
   * If the provider's `authTime` is `person`, a login in another browser counts too. Default: any time.
   */
  readonly maxAge?: number
  /**
   * The token must have one of these authentication context classes: as its `acr`, or, if the provider reports a list
   * (Entra), in `acrs`. They are sent to the client in this order of preference. Default: any.
   */
  readonly acrValues?: readonly string[]
  /** Scopes, separated by spaces. The token must have each of them. Default: none. */
  readonly scope?: string
}

/** @throws {ConfigurationError} for a requirement that cannot be met or is misspelt */
export function checkRequirement(requirement: AccessTokenRequirement, profile: ProviderProfile): void {
  const need: Need = needFor('requireAccessToken')
  need(isRecord(requirement), 'the requirement must be an object')
  knownOptions(need, requirement, ['maxAge', 'acrValues', 'scope'])
  const { maxAge, acrValues, scope } = requirement
  need(
    maxAge === undefined || isWholeNumber(maxAge, 0, Number.MAX_SAFE_INTEGER),
    'maxAge must be whole seconds, 0 or more',
  )
  need(isOptionalWords(acrValues), 'acrValues must be a list of names without spaces, not empty')
  if (maxAge !== undefined || acrValues !== undefined) checkStepUps(profile, need)
  checkAcrValues(acrValues, profile, need)
  need(
    scope === undefined || (typeof scope === 'string' && scope.split(' ').every(isWord)),
    'scope must be names',
  )
}
