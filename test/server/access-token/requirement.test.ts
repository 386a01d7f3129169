import { describe, expect, it } from 'vitest'
import type { ProviderProfile } from '../../../src/core/provider-profile.ts'
import { spring, zitadel } from '../../../src/providers/index.ts'
import { createAccessTokenGuard } from '../../../src/server/access-token.ts'

const codeOf = (requirement: object, provider: ProviderProfile): Promise<string> =>
  createAccessTokenGuard({ issuer: 'https://login.example', audience: 'api', store: 'memory', provider })
    .requireAccessToken(new Request('https://api.example'), requirement)
    .catch(error => error.code)

describe('a requirement that no token of this provider can meet is a ConfigurationError:', () => {
  it.each<[string, object, ProviderProfile, boolean]>([
    ['acrValues where none is reported', { acrValues: ['gold'] }, zitadel(), false],
    [
      'acrValues where one is reported after all',
      { acrValues: ['gold'] },
      { ...zitadel(), acrClaim: 'voluntary' },
      true,
    ],
    ['another one there', { scope: 'pay', maxAge: 60 }, zitadel(), true],
    // Its auth_time is the last request's, so an old login would pass.
    ['maxAge where auth_time says nothing', { maxAge: 60 }, spring(), false],
    ['maxAge 0 there', { maxAge: 0 }, spring(), false],
    ['scopes alone there', { scope: 'pay' }, spring(), true],
  ])('%s', async (_, requirement, provider, isGood) => {
    expect(await codeOf(requirement, provider)).toBe(
      isGood ? 'access_token_required' : 'configuration_invalid',
    )
  })
})
