import * as profiles from 'afresh/providers'
import {
  auth0,
  authAction,
  authentik,
  cognito,
  curity,
  duende,
  entra,
  erpNet,
  fusionAuth,
  generic,
  google,
  keycloak,
  kinde,
  loginGov,
  logto,
  okta,
  ory,
  type ProviderProfile,
  spring,
  zitadel,
} from 'afresh/providers'
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/core/errors.ts'
import { refusalOf } from '../../src/core/refusals.ts'
import { stepUpRequest } from '../../src/core/step-up-request.ts'

type Claims = Readonly<Record<string, unknown>>

const account = { iss: 'https://op.example', sub: '1', username: 'josh', email: 'josh@corp.example' }
const ask = (profile: ProviderProfile, demand: Parameters<typeof stepUpRequest>[0]) =>
  stepUpRequest(demand, account, profile)

describe.each(Object.entries(profiles))('%s', (_, make) => {
  it('has a name for error messages, and is made anew each time', () => {
    expect(make().name).toMatch(/\w/)
    expect(make()).not.toBe(make())
  })

  it('sends a person who must authenticate now to a login page, or says why it cannot', () => {
    const profile: ProviderProfile = make()
    if (profile.noStepUp === undefined)
      expect(ask(profile, { prompt: 'login', maxAge: 0 }).prompt).toMatch(/^login\b/)
    else expect(profile.noStepUp).toMatch(/\w/)
  })

  it('takes the prompts that it sends by itself', () => {
    const { promptValues, signUp, accountSelection, stepUpPrompt = '', noStepUp }: ProviderProfile = make()
    const sent = new Set([
      ...(noStepUp === undefined ? stepUpPrompt.split(' ') : []),
      accountSelection === 'sign_out' ? '' : (accountSelection ?? ''),
      signUp && 'prompt' in signUp ? signUp.prompt : '',
    ])
    sent.delete('')
    if (promptValues) expect(promptValues).toEqual(expect.arrayContaining([...sent]))
  })
})

it('generic() lets the app’s own facts win', () => {
  expect(generic({ name: 'acme', iframe: false })).toEqual({ name: 'acme', iframe: false })
})

it('max_age=0 goes to Auth0 unchanged, and to others as a positive value', () => {
  expect(ask(auth0(), { maxAge: 0 }).maxAge).toBe(0)
  for (const make of [generic, authAction, curity, erpNet, fusionAuth, keycloak, duende, okta, ory])
    expect(ask(make(), { maxAge: 0 }).maxAge).toBeGreaterThan(0)
})

it.each([cognito, entra, kinde])('no max_age goes to %o, whose documentation has none', make => {
  for (const maxAge of [0, 300]) {
    const request = ask(make(), { maxAge })
    expect(request.prompt).toBe('login')
    expect(request.maxAge).toBeUndefined()
  }
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
  [fusionAuth, { authenticationType: 'PASSWORD' }, true],
  [fusionAuth, { authenticationType: 'LDAP_CONNECTOR' }, true],
  [fusionAuth, { authenticationType: 'GOOGLE' }, false],
  [fusionAuth, { authenticationType: 'REFRESH_TOKEN' }, false],
  [fusionAuth, { authenticationType: 'PING' }, false],
  [fusionAuth, {}, false],
  [okta, { idp: '00o47ijbqfgnq5gj00g7' }, true],
  [okta, { idp: '0oa1k5d68qR2954hb0g4' }, false],
  [okta, {}, false],
  [duende, { idp: 'local' }, true],
  [duende, { idp: 'Google' }, false],
  [logto, { amr: ['pwd', 'otp', 'mfa'] }, true],
  [logto, { amr: ['fed'] }, false],
  [logto, {}, false],
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
  [auth0, { azp: 'payments', scope: 'openid pay', aud: ['https://api.example'] }, true],
  [auth0, { aud: 'payments', nonce: 'n', sub: 'auth0|1' }, false],
  [okta, { cid: 'payments', scp: ['openid'], uid: '1' }, true],
  [okta, { aud: 'payments', idp: '00o1', nonce: 'n' }, false],
  [zitadel, { jti: '1', aud: ['payments', 'project'] }, true],
  [zitadel, { azp: 'payments', auth_time: 1, nonce: 'n' }, false],
  [zitadel, { jti: '1', azp: 'payments', auth_time: 1 }, false],
  [authentik, { azp: 'payments', uid: 'u', scope: 'openid', auth_time: 1 }, true],
  [authentik, { aud: 'payments', auth_time: 1, nonce: 'n', jti: '1' }, false],
  [spring, { aud: 'payments', scope: ['openid'] }, true],
  [spring, { aud: 'payments', azp: 'payments', nonce: 'n' }, false],
  [kinde, { azp: 'payments', scp: ['openid'] }, true],
  [kinde, { azp: 'payments', auth_time: 1 }, false],
  [ory, { client_id: 'payments', scp: ['openid'] }, true],
  [ory, { aud: ['payments'], auth_time: 1, rat: 1 }, false],
  [fusionAuth, { applicationId: 'payments', authenticationType: 'PASSWORD' }, true],
  [fusionAuth, { at_hash: 'h', authenticationType: 'PASSWORD' }, false],
  [fusionAuth, { at_hash: 'h', applicationId: 'added by a lambda' }, false],
])('%o takes %j for an access token: %s', (make, claims, expected) => {
  expect(make().isAccessToken?.(claims, {})).toBe(expected)
})

it.each<[(options?: never) => ProviderProfile, Claims, Claims, string]>([
  [entra, { tid: 't', oid: 'o', sub: 'a' }, { tid: 't', oid: 'o', sub: 'b' }, 't.o'],
  [okta, { sub: '00u1' }, { sub: 'josh@corp.example', uid: '00u1' }, '00u1'],
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

it('Okta: an access token without uid names no person, not even by its login name', () => {
  expect(okta().subjectOf?.({ sub: 'josh@corp.example' }, 'access_token')).toBeUndefined()
})

it.each([
  [keycloak, 'payments-api', true],
  [zitadel, '98765@project', true],
  [kinde, 'https://shop.kinde.com', true],
  [kinde, 'another-app', false],
])('%o trusts %s beside the client in an ID Token: %s', (make, audience, trusted) => {
  const { trustedAudiences } = make() as ProviderProfile
  const rule = typeof trustedAudiences === 'function' ? trustedAudiences : () => undefined
  expect(rule(audience, { iss: 'https://shop.kinde.com' })).toBe(trusted)
})

it.each([generic, auth0, okta, duende, entra, cognito, spring, logto, ory])(
  '%o trusts no audience but the client',
  make => expect(make().trustedAudiences).toBeUndefined(),
)

it('Auth0 is told the API, if there is one', () => {
  expect(auth0({ audience: 'https://api.example' }).authorizationParams).toEqual({
    audience: 'https://api.example',
  })
  expect(auth0()).not.toHaveProperty('authorizationParams')
})

it.each([
  [cognito, 'logout_uri'],
  [kinde, 'redirect'],
])('%o gets the way back from its sign-out page as %s, and gives no state back', (make, returnParam) => {
  expect(make().signOut).toEqual({ returnParam, keepsState: false })
})

it('Google is refused in the same words by its profile and by its issuer, with what to do instead', () => {
  const byIssuer = refusalOf('https://accounts.google.com', undefined)
  expect(byIssuer).toMatch(/^Google: its .*secret.*use that provider/)
  expect(refusalOf('https://op.example', google())).toBe(byIssuer)
})

it('Spring is for signing in: no step-up, and no guard takes its auth_time for a login', () => {
  expect(spring()).toMatchObject({ authTime: 'person', promptValues: ['none'] })
  expect(spring().noStepUp).toMatch(/prompt=login/)
})

it('Login.gov is never asked silently', () => {
  expect(loginGov().promptValues).not.toContain('none')
})
