import { isRecord } from '../../core/claims.ts'
import type { ProviderProfile } from '../../core/provider-profile.ts'
import { knownOptions } from './known-options.ts'
import { isOptionalFunction, isOptionalWords, isText, isWholeNumber, type Need, needFor } from './need.ts'

/** What a profile has, as an object: a member that is added to the type and not here does not compile. */
const members: { readonly [Name in keyof ProviderProfile]-?: true } = {
  name: true,
  refusal: true,
  noStepUp: true,
  metadataUrl: true,
  issuers: true,
  scope: true,
  authorizationParams: true,
  resourceParam: true,
  iframe: true,
  promptValues: true,
  signUp: true,
  accountSelection: true,
  signOut: true,
  maxAge: true,
  authTime: true,
  iatLag: true,
  acrClaim: true,
  dropHintsOnStepUp: true,
  stepUpPrompt: true,
  userInfo: true,
  trustedAudiences: true,
  localIdp: true,
  subjectOf: true,
  audienceClaim: true,
  accessTokenIssuers: true,
  isAccessToken: true,
}

/**
 * Checks a profile, as far as guards read it. Members that there are not are refused too: a misspelt one would be ignored
 * silently, and protect nothing.
 *
 * @throws {ConfigurationError}
 */
export function checkProfile(profile: ProviderProfile, need: Need): void {
  need(isRecord(profile), 'provider must be a profile, such as generic() of afresh/providers')
  knownOptions(needFor('provider'), profile, Object.keys(members))
  const { name, refusal, issuers, accessTokenIssuers, iatLag, acrClaim, authTime, audienceClaim } = profile
  need(isText(name), 'provider must be a profile with a name')
  need(refusal === undefined, `${name} cannot be used: ${refusal}`)
  for (const list of [issuers, accessTokenIssuers]) {
    need(isOptionalWords(list), 'provider: issuers and accessTokenIssuers must be lists, not empty')
  }
  need(iatLag === undefined || isWholeNumber(iatLag, 0, 3_600), 'provider: iatLag must be whole seconds')
  const claims = [undefined, 'voluntary', 'essential', 'acrs', 'none']
  need(claims.includes(acrClaim), 'provider: acrClaim must be a word of ProviderProfile')
  const times = [undefined, 'always', 'requested', 'login', 'person', 'unknown']
  need(times.includes(authTime), 'provider: authTime must be a word of ProviderProfile')
  need(
    [undefined, 'aud', 'client_id'].includes(audienceClaim),
    'provider: audienceClaim must be aud or client_id',
  )
  for (const rule of ['localIdp', 'subjectOf', 'isAccessToken'] as const) {
    need(isOptionalFunction(profile[rule]), `provider: ${rule} must be a function`)
  }
}
