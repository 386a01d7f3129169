import { describe, expect, it } from 'vitest'
import { resolveOptions } from '../../src/client/resolved-options.ts'
import { auth0 } from '../../src/providers/auth0.ts'
import { entra } from '../../src/providers/entra.ts'
import { zitadel } from '../../src/providers/zitadel.ts'

const page = { origin: 'https://app.example', lang: undefined, userAgent: '', isInstalled: false }
const good = { issuer: 'https://op.example', clientId: 'payments' }

const refusal = (text: string) =>
  expect.objectContaining({ code: 'configuration_invalid', message: expect.stringContaining(text) })

/** What JavaScript, or a configuration file, lets an app give. */
const make = (options: object) => () => resolveOptions({ ...good, ...options }, page)

const wrong: readonly [option: string, values: readonly unknown[]][] = [
  ['issuer', [undefined, null, 5, ['https://op.example']]],
  ['clientId', [undefined, null, '', 5]],
  ['scope', [null, ['openid', 'email']]],
  ['callbackUrl', [null, ['/auth/callback.html']]],
  ['provider', [null, 'auth0', {}, { name: '' }, ['auth0']]],
  ['freshness', [null, '/api/freshness', ['/api/freshness']]],
  ['freshness.endpoint', [{}, { endpoint: null }, { endpoint: '' }].map(freshness => ({ freshness }))],
  ['authorizationParams', [null, 'audience=x', ['audience'], { hd: 1 }, Promise.resolve({ hd: 'x' })]],
  ['resource', [null, '', ['https://api.example']]],
  ['acrValues', [null, 'gold', [], [''], [1], ['gold silver']]],
  ['prompt', [null, '', ['login']]],
  ['trustedAudiences', [null, 'https://api.example', true, [''], [1]]],
  ['metadataUrl', [null, 5, '/.well-known/openid-configuration']],
  ['metadata', [null, 'https://op.example', [], Promise.resolve({ issuer: good.issuer })]],
  ['userInfo', [null, 'yes', 1]],
  ['interaction', ['popup']],
  ['renewal.via', [{ renewal: { via: 'refresh' } }]],
  ['session', [null, 900]],
  ['triggers', [null, 'idle']],
  ['dpop', [null, 'false']],
  ['uiLocales', [null, ['de']]],
  ['onAccountChange', [null, {}]],
  ['rememberAccounts', [null, '3', -1, 1.5, Number.NaN]],
  ['logger', [null, {}]],
]

const cases = wrong.flatMap(([option, values]) =>
  values.map(value => [option, option.includes('.') ? value : { [option]: value }] as const),
)

it.each(cases)('an option `%s` of another shape is refused by its name: %o', (option, options) => {
  expect(make(options as object)).toThrow(refusal(`\`${option}\``))
})

it.each<[object]>([
  [{ scope: '' }],
  [{ provider: { name: 'mine', promptValues: [] } }],
  [{ trustedAudiences: () => true }],
  [{ trustedAudiences: [] }],
  [{ trustedAudiences: ['https://api.example'] }],
  [{ authorizationParams: () => ({ hd: 'x' }) }],
  [{ uiLocales: () => 'de', userInfo: false, rememberAccounts: 0, acrValues: ['gold', 'silver'] }],
])('%o is taken', options => {
  expect(make(options)).not.toThrow()
})

it('a profile that was not called is an error that says to call it', () => {
  expect(make({ provider: auth0 })).toThrow(refusal('`auth0()`'))
})

it('a list of audiences in a profile must be a list too', () => {
  expect(make({ provider: { name: 'mine', trustedAudiences: 'https://api.example' } })).toThrow(
    refusal('`provider.trustedAudiences`'),
  )
})

it.each<[string, unknown]>([
  ['resourceParam', 'scope'],
  ['accountSelection', 'logout'],
  ['maxAge', 0],
  ['authTime', 'sometimes'],
  ['acrClaim', 'acr'],
  ['issuers', 'https://op.example'],
  ['issuers', []],
  ['promptValues', 'login'],
  ['iframe', 'no'],
])('a profile’s %s cannot be %j', (name, value) => {
  expect(make({ provider: { name: 'mine', [name]: value } })).toThrow(refusal(`\`provider.${name}\``))
})

it.each(['none', 'none login'])('a prompt "%s" on every sign-in is refused: it asks no person', prompt => {
  expect(make({ prompt })).toThrow(refusal('`prompt`'))
})

it('acrValues are refused where the provider reports no acr: every sign-in would fail', () => {
  expect(make({ provider: zitadel(), acrValues: ['gold'] })).toThrow(refusal('`acrValues`'))
})

it('a resource is refused where the OP knows an API by its scopes: it would not be sent', () => {
  expect(make({ provider: entra(), resource: 'api://payments' })).toThrow(refusal('`scope`'))
})

describe('an issuer that is a template', () => {
  const issuer = 'https://login.microsoftonline.com/{tenantid}/v2.0'
  const issuers = ['https://login.microsoftonline.com/t1/v2.0']

  it.each<[string, object, string]>([
    ['without a profile', {}, 'tenants'],
    ['with a profile that lists no issuers', { provider: entra() }, 'tenants'],
    ['without a place to fetch it from', { provider: { name: 'mine', issuers } }, '`metadataUrl`'],
  ])('is refused %s', (_, options, what) => {
    expect(make({ issuer, ...options })).toThrow(refusal(what))
  })

  it('is taken with a list of tenants', () => {
    expect(make({ issuer, provider: entra({ tenants: ['t1'] }) })().issuers).toEqual(issuers)
  })
})

describe('`api`', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'https://api.example'],
    ['a list of text', ['https://api.example']],
    ['a list of null', [null]],
    ['an empty list', []],
    ['origins as text', { origins: 'https://api.example' }],
    ['origins of numbers', { origins: [1] }],
    ['no origin', [{ resource: 'https://api.example' }]],
    ['an origin with a path', [{ origin: 'https://api.example/v1' }]],
    ['a resource as a list', [{ origin: 'https://api.example', resource: ['x'] }]],
    ['an empty resource', [{ origin: 'https://api.example', resource: '' }]],
    ['a scope as a list', [{ origin: 'https://api.example', scope: ['read'] }]],
    ['an empty scope', [{ origin: 'https://api.example', scope: '' }]],
    ['an origin twice', [{ origin: 'https://api.example' }, { origin: 'https://API.example:443/' }]],
  ])('is refused as %s', (_, api) => {
    expect(make({ api })).toThrow(refusal('`api'))
  })

  it('may name no origin, so that no request has a token', () => {
    expect(make({ api: { origins: [] } })().apis).toEqual([])
  })
})

it.each(['scope', 'prompt', 'nonce', 'resource'])(
  '`authorizationParams` with %s is refused when the client is made',
  name => {
    const authorizationParams = { [name]: 'x' }
    expect(make({ authorizationParams })).toThrow(refusal(`\`${name}\``))
    expect(make({ provider: { name: 'mine', authorizationParams } })).toThrow(refusal(`\`${name}\``))
  },
)

it.each(['{id_token', '[]', 'null', '{"id_token":[]}'])(
  'claims that are no JSON object are refused when the client is made: %s',
  claims => {
    expect(make({ authorizationParams: { claims } })).toThrow(refusal('`authorizationParams.claims`'))
  },
)
