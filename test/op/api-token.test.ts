import { UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { ProviderProfile } from '../../src/core/provider-profile.ts'
import { isForAnotherApi } from '../../src/op/api-token.ts'

const api = 'https://billing.example'
const jwt = (aud: unknown): string =>
  new UnsecuredJWT({ iss: 'op', sub: 'josh', iat: 1, exp: 2, aud: aud as string }).encode()

describe('isForAnotherApi looks at an access token', () => {
  it.each<[string, string, NonNullable<ProviderProfile['resourceParam']>, boolean]>([
    ['of the API that was asked for', jwt(api), 'audience', false],
    [
      'of that API and of the userinfo endpoint',
      jwt(['https://op.example/userinfo', api]),
      'audience',
      false,
    ],
    ['of another API', jwt('https://reports.example'), 'audience', true],
    ['of the userinfo endpoint alone', jwt(['https://op.example/userinfo']), 'audience', true],
    ['that is no JWT', 'opaque', 'audience', false],
    ['without an audience', jwt(undefined), 'audience', false],
    ['of another API, where the OP holds to `resource`', jwt('https://reports.example'), 'resource', false],
  ])('%s', (_, accessToken, resourceParam, isOther) => {
    const tokens = { accessToken } as Parameters<typeof isForAnotherApi>[0]
    expect(isForAnotherApi(tokens, { resource: api }, { resourceParam })).toBe(isOther)
  })

  it('is for no other API where only scopes were asked for', () => {
    const tokens = { accessToken: jwt('https://reports.example') } as Parameters<typeof isForAnotherApi>[0]
    expect(isForAnotherApi(tokens, { scope: 'pay' }, { resourceParam: 'audience' })).toBe(false)
  })
})
