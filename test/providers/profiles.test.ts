import {
  auth0,
  authAction,
  cognito,
  curity,
  entra,
  erpNet,
  fusionAuth,
  generic,
  keycloak,
  type ProviderProfile,
} from 'afresh/providers'
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/core/errors.ts'
import { stepUpRequest } from '../../src/core/step-up-request.ts'

type Claims = Readonly<Record<string, unknown>>

const account = { iss: 'https://op.example', sub: '1', username: 'josh', email: 'josh@corp.example' }
const ask = (profile: ProviderProfile, demand: Parameters<typeof stepUpRequest>[0]) =>
  stepUpRequest(demand, account, profile)

const profiles = [generic, auth0, authAction, cognito, curity, entra, erpNet, fusionAuth, keycloak]

describe.each(profiles)('%o', make => {
  it('has a name for error messages, and is made anew each time', () => {
    expect(make().name).toMatch(/\w/)
    expect(make()).not.toBe(make())
  })

  it('sends a person who must authenticate now to a login page', () => {
    expect(ask(make(), { prompt: 'login', maxAge: 0 }).prompt).toBe('login')
  })
})

it('generic() lets the app’s own facts win', () => {
  expect(generic({ name: 'acme', iframe: false })).toEqual({ name: 'acme', iframe: false })
})

it('max_age=0 goes to Auth0 unchanged, and to others as a positive value', () => {
  expect(ask(auth0(), { maxAge: 0 }).maxAge).toBe(0)
  for (const make of [generic, authAction, curity, erpNet, fusionAuth])
    expect(ask(make(), { maxAge: 0 }).maxAge).toBeGreaterThan(0)
})

it.each([0, 1, 300])(
  'a step-up by max_age %i sends prompt=login to Auth0, since auth_time is missing otherwise',
  maxAge => {
    expect(ask(auth0(), { maxAge }).prompt).toBe('login')
    expect(ask(curity(), { maxAge: 300 }).prompt).toBeUndefined()
  },
)

it('a step-up without an age sends Auth0 no prompt, like the others', () => {
  expect(ask(auth0(), { acrValues: ['a'] }).prompt).toBeUndefined()
})

it('no hint goes to FusionAuth on a step-up', () => {
  expect(ask(fusionAuth(), { maxAge: 1 }).loginHint).toBeUndefined()
  expect(ask(erpNet(), { maxAge: 1 }).loginHint).toBe('josh')
})

it.each([
  [auth0, { sub: 'auth0|1' }, true],
  [auth0, { sub: 'samlp|corp|1' }, false],
  [auth0, { sub: 'xauth0|1' }, false],
  [auth0, {}, false],
  [erpNet, { idp: 'local' }, true],
  [erpNet, { idp: 'google' }, false],
  [erpNet, {}, false],
  [cognito, { token_use: 'id' }, true],
  [cognito, { token_use: 'id', identities: [{ providerName: 'Google' }] }, false],
  [cognito, { token_use: 'access' }, false],
])('%o takes %j for its own login: %s', (make, claims, local) => {
  expect((make() as ProviderProfile).localIdp?.(claims)).toBe(local)
})

it.each<[(options?: never) => ProviderProfile, Claims, boolean]>([
  [keycloak, { typ: 'Bearer' }, true],
  [keycloak, { typ: 'Bearer', nonce: 'before release 25' }, true],
  [keycloak, { typ: 'DPoP' }, true],
  [keycloak, { typ: 'ID' }, false],
  [keycloak, { typ: 'Refresh' }, false],
  [keycloak, {}, false],
  [entra, { scp: 'Payments.Approve', ver: '2.0' }, true],
  [entra, { ver: '2.0', nonce: 'n' }, false],
  [cognito, { token_use: 'access' }, true],
  [cognito, { token_use: 'id' }, false],
  [cognito, {}, false],
])('%o takes %j for an access token: %s', (make, claims, expected) => {
  expect(make().isAccessToken?.(claims, {})).toBe(expected)
})

it.each<[(options?: never) => ProviderProfile, Claims, Claims, string]>([
  [entra, { tid: 't', oid: 'o', sub: 'a' }, { tid: 't', oid: 'o', sub: 'b' }, 't.o'],
])('%o knows one person by the same name in both tokens', (make, idToken, accessToken, name) => {
  const { subjectOf } = make()
  expect(subjectOf?.(idToken, 'id_token')).toBe(name)
  expect(subjectOf?.(accessToken, 'access_token')).toBe(name)
})

it.each([{}, { tid: 't' }, { oid: 'o' }, { tid: 1, oid: 'o' }])(
  'Entra: nothing names a person whose claims are %j',
  claims => expect(entra().subjectOf?.(claims, 'id_token')).toBeUndefined(),
)

describe('the tenants of Entra', () => {
  const microsoft = 'https://login.microsoftonline.com'

  it('are the configured issuer’s by default', () => {
    expect(entra()).not.toHaveProperty('metadataUrl')
    expect(entra()).not.toHaveProperty('issuers')
  })

  it('are those that the app lists, and no other', () => {
    expect(entra({ tenants: ['a', 'b'] })).toMatchObject({
      metadataUrl: `${microsoft}/organizations/v2.0/.well-known/openid-configuration`,
      issuers: [`${microsoft}/a/v2.0`, `${microsoft}/b/v2.0`],
    })
  })

  it.each(['organizations', 'common'])('are never all of %s', tenant => {
    expect(() => entra({ tenant })).toThrow(ConfigurationError)
    expect(() => entra({ tenant, tenants: [] })).toThrow(ConfigurationError)
  })

  it('can be one, found by its domain, or in another cloud', () => {
    const authority = 'https://login.microsoftonline.us'
    expect(entra({ tenant: 'shop.example', authority }).metadataUrl).toBe(
      `${authority}/shop.example/v2.0/.well-known/openid-configuration`,
    )
  })
})

it('the audiences of APIs in an ID Token are trusted where the OP is known to put them there', () => {
  const { trustedAudiences } = keycloak()
  expect(trustedAudiences).toBeTypeOf('function')
})
