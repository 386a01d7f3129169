import { describe, expect, it } from 'vitest'
import type { AuthorizationParams, RequestKind } from '../../src/core/authorization-params.ts'
import { extraParameters } from '../../src/op/extra-parameters.ts'

interface Sources {
  readonly profile?: AuthorizationParams
  readonly option?: AuthorizationParams
  readonly call?: Readonly<Record<string, string>>
}

const extra = ({ profile, option, call }: Sources, kind: RequestKind = 'sign_in') =>
  extraParameters(
    { kind, ...(call && { authorizationParams: call }) },
    {
      profile: { name: 'acme', ...(profile && { authorizationParams: profile }) },
      authorizationParams: option,
    },
  )

/** What JavaScript lets an app give. */
const given = (text: string): AuthorizationParams => JSON.parse(text)

describe('what else goes into a request', () => {
  it('is nothing by default', () => {
    expect(extra({})).toEqual({})
  })

  it('is the profile’s, then the option’s, then this call’s', () => {
    const profile = { a: 'profile', b: 'profile', c: 'profile' }
    expect(extra({ profile, option: { b: 'option', c: 'option' }, call: { c: 'call' } })).toEqual({
      a: 'profile',
      b: 'option',
      c: 'call',
    })
  })

  it('may depend on what the request is for', () => {
    const option: AuthorizationParams = kind => (kind === 'step_up' ? { idp_hint: 'bank' } : {})
    expect(extra({ option }, 'step_up')).toEqual({ idp_hint: 'bank' })
    expect(extra({ option }, 'restore')).toEqual({})
    expect(extra({ profile: kind => ({ kind }) }, 'sign_up')).toEqual({ kind: 'sign_up' })
  })

  it.each(['audience', 'organization', 'idp_hint', 'hd', 'display', 'claims', 'screen_hint', 'toString'])(
    'may name %s',
    name => {
      expect(extra({ option: { [name]: 'x' } })).toEqual({ [name]: 'x' })
    },
  )
})

describe('the protocol’s own parameter', () => {
  const own = [
    'client_id redirect_uri response_type response_mode scope state nonce code_challenge code_challenge_method',
    'prompt max_age acr_values login_hint id_token_hint ui_locales resource request request_uri dpop_jkt',
    'client_secret',
  ].flatMap(line => line.split(' '))

  it.each(own)('%s is refused wherever it is named', name => {
    const refused = expect.objectContaining({
      code: 'configuration_invalid',
      message: expect.stringContaining(`\`${name}\``),
    })
    const params = { [name]: 'x' }
    for (const sources of [
      { profile: params },
      { option: params },
      { option: () => params },
      { call: params },
    ])
      expect(() => extra(sources)).toThrowError(refused)
  })

  it.each([
    ['scope', 'scope'],
    ['resource', 'resource'],
    ['acr_values', 'acrValues'],
    ['prompt', 'prompt'],
    ['login_hint', 'loginHint'],
    ['ui_locales', 'uiLocales'],
    ['dpop_jkt', 'dpop'],
  ])('%s is an error that names the option `%s`', (name, option) => {
    expect(() => extra({ option: { [name]: 'x' } })).toThrowError(`\`${option}\``)
  })
})

it.each(['null', '"audience=x"', '["audience"]', '{"hd":1}', '{"hd":null}', '{"hd":["a"]}'])(
  '%s is refused: it is no record of text',
  text => {
    const refused = expect.objectContaining({ code: 'configuration_invalid' })
    expect(() => extra({ option: given(text) })).toThrowError(refused)
    expect(() => extra({ option: () => JSON.parse(text) })).toThrowError(refused)
  },
)

it('a function that answers later is refused: what it promises would be lost', () => {
  const option = () => Promise.resolve({ audience: 'x' }) as never
  expect(() => extra({ option })).toThrowError(expect.objectContaining({ code: 'configuration_invalid' }))
})
