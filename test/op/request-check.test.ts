import { describe, expect, it } from 'vitest'
import type { ProviderProfile } from '../../src/core/provider-profile.ts'
import type { ProviderMetadata } from '../../src/op/metadata.ts'
import { checkRequest } from '../../src/op/request-check.ts'

const check = (
  request: Parameters<typeof checkRequest>[0],
  profile: Partial<ProviderProfile> = {},
  metadata: Partial<ProviderMetadata> = {},
): object => checkRequest(request, { name: 'acme', ...profile }, metadata as ProviderMetadata)

const refused = expect.objectContaining({
  code: 'configuration_invalid',
  message: expect.stringMatching(/\(acme\).*: ./),
})

describe('prompt', () => {
  it.each<[string, (readonly string[])?]>([
    ['none'],
    ['login'],
    ['login consent'],
    ['vendor_value'],
    ['login', ['none', 'login']],
    ['login consent', ['consent', 'login']],
  ])('%j is fine where %j is supported', (prompt, promptValues) => {
    expect(check({ prompt }, promptValues && { promptValues })).toEqual({})
  })

  it.each<[string, (readonly string[])?]>([
    ['none login'],
    ['login none'],
    ['none none'],
    ['none select_account', ['none', 'select_account']],
    [''],
    [' login'],
    ['login  consent'],
    ['create', ['none', 'login']],
    ['login create', ['none', 'login']],
    ['Login', ['login']],
    ['login', []],
  ])('%j is refused where %j is supported, with the provider’s name', (prompt, promptValues) => {
    expect(() => check({ prompt }, promptValues && { promptValues })).toThrowError(refused)
  })

  it('is held against what discovery and the profile list together', () => {
    const listed = { prompt_values_supported: ['login', 'signup'] }
    const profile = { promptValues: ['login', 'consent'] }
    for (const prompt of ['login', 'signup', 'consent', 'signup consent'])
      expect(check({ prompt }, profile, listed)).toEqual({})
    expect(() => check({ prompt: 'create' }, profile, listed)).toThrowError(refused)
    expect(() => check({ prompt: 'create' }, {}, { prompt_values_supported: [] })).toThrowError(refused)
  })
})

describe('maxAge', () => {
  it.each([0, 60, 0.5])('%j is fine', maxAge => {
    expect(check({ maxAge })).toEqual({})
  })

  it.each<[unknown]>([[Number.NaN], [-1], [Number.POSITIVE_INFINITY], ['60'], [null]])(
    '%o is refused: no login would be too old for it',
    maxAge => {
      expect(() => check({ maxAge: maxAge as number })).toThrowError(
        expect.objectContaining({ code: 'configuration_invalid' }),
      )
    },
  )
})

describe('acr', () => {
  const acrValues = ['gold', 'silver']

  it('is asked for by acr_values alone, unless the profile wants it essential', () => {
    expect(check({ acrValues })).toEqual({})
    expect(check({ acrValues }, { acrClaim: 'essential' })).toEqual({
      acr: { essential: true, values: acrValues },
    })
  })

  it('is refused at a provider that has none', () => {
    expect(() => check({ acrValues }, { acrClaim: 'none' })).toThrowError(refused)
  })

  it.each([[['silver']], [['bronze']], [[]]])(
    'goes out where discovery lists %j: a client may have values of its own there',
    listed => {
      expect(check({ acrValues }, {}, { acr_values_supported: listed })).toEqual({})
    },
  )

  it.each([
    [['c1'], { essential: true, value: 'c1' }],
    [['c1', 'c2'], { essential: true, values: ['c1', 'c2'] }],
  ])('%j is asked for as an authentication context where the profile says so', (acrValues, acrs) => {
    expect(check({ acrValues }, { acrClaim: 'acrs' })).toEqual({ acrs })
  })
})
