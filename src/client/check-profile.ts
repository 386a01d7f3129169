import type { ProviderProfile } from '../core/provider-profile.ts'
import { checkParameters } from '../op/extra-parameters.ts'
import { audiences, checkAll, flag, listOf, name, type Shapes, text, wordOf } from './shapes.ts'

/** What the client reads. The guards check what they read. */
const shapes: Shapes<ProviderProfile> = {
  metadataUrl: name,
  issuers: listOf('a list of issuers', name.fits),
  scope: text,
  resourceParam: wordOf('resource', 'audience', 'none'),
  iframe: flag,
  promptValues: {
    words: "a list such as ['none', 'login']",
    fits: value => Array.isArray(value) && value.every(name.fits),
  },
  accountSelection: wordOf('select_account', 'login', 'sign_out'),
  maxAge: wordOf('any', 'positive', 'none'),
  authTime: wordOf('always', 'requested', 'login', 'person', 'unknown'),
  acrClaim: wordOf('voluntary', 'essential', 'acrs', 'none'),
  dropHintsOnStepUp: flag,
  stepUpPrompt: name,
  userInfo: flag,
  trustedAudiences: audiences,
}

/**
 * Refuses a profile whose members are not what its type says: an app may have written it, or changed one.
 *
 * @throws {ConfigurationError} naming the member and what it must be
 */
export function checkProfile(profile: ProviderProfile): void {
  checkAll('provider.', profile, shapes)
  checkParameters(profile.authorizationParams)
}
