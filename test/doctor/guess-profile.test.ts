import type { ProviderProfile } from 'afresh/providers'
import * as profiles from 'afresh/providers'
import { describe, expect, it } from 'vitest'
import { askedAge } from '../../src/core/asked-age.ts'
import { asCode, guessProfile } from '../../src/doctor/guess-profile.ts'
import { knownHabit } from '../../src/doctor/known-habits.ts'

describe('the profile that the doctor chooses', () => {
  it.each([
    ['https://acme.eu.auth0.com/', 'auth0'],
    ['https://acme.my.erp.net/id', 'erpNet'],
    ['https://acme.fusionauth.io', 'fusionAuth'],
    ['https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0', 'entra'],
    ['https://login.microsoftonline.us/tenant/v2.0', 'entra'],
    ['https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a', 'cognito'],
    ['https://acme.okta.com/oauth2/default', 'okta'],
    ['https://acme.oktapreview.com', 'okta'],
    ['https://acme.zitadel.cloud', 'zitadel'],
    ['https://acme.kinde.com', 'kinde'],
    ['https://acme.logto.app/oidc', 'logto'],
    ['https://acme.projects.oryapis.com', 'ory'],
    ['https://secure.login.gov/', 'loginGov'],
    ['https://idp.int.identitysandbox.gov/', 'loginGov'],
    ['https://accounts.google.com', 'google'],
    ['https://demo.duendesoftware.com', 'duende'],
    ['https://auth0.com.evil.example', 'generic'],
    ['https://login.microsoftonline.com.evil.example', 'generic'],
    ['https://evil.example/accounts.google.com', 'generic'],
    ['https://cognito-idp.evil.example.amazonaws.com', 'generic'],
    ['https://login.example.com', 'generic'],
  ])('is by the host of %s: %s', (issuer, name) => {
    expect(guessProfile(issuer).name).toBe(name)
  })

  const op = 'https://op.example'
  it.each<[string, Record<string, string>]>([
    [
      'keycloak',
      { issuer: `${op}/realms/r`, authorization_endpoint: `${op}/realms/r/protocol/openid-connect/auth` },
    ],
    ['authentik', { authorization_endpoint: `${op}/application/o/authorize/` }],
    ['duende', { jwks_uri: `${op}/.well-known/openid-configuration/jwks` }],
    ['ory', { end_session_endpoint: `${op}/oauth2/sessions/logout` }],
    ['spring', { jwks_uri: `${op}/oauth2/jwks`, end_session_endpoint: `${op}/connect/logout` }],
    ['zitadel', { end_session_endpoint: `${op}/oidc/v1/end_session` }],
    ['auth0', { mfa_challenge_endpoint: `${op}/mfa/challenge` }],
    // WSO2 has the one path, IdentityServer the other.
    ['generic', { jwks_uri: `${op}/oauth2/jwks`, end_session_endpoint: `${op}/oidc/logout` }],
    ['generic', { issuer: `${op}/realms/r`, authorization_endpoint: `${op}/realms/r/authorize` }],
  ])('is %s by the paths %j, on whatever host', (name, metadata) => {
    expect(guessProfile(op, metadata).name).toBe(name)
  })

  it.each<[string, Record<string, string>]>([
    ['GitLab', { jwks_uri: `${op}/oauth/discovery/keys` }],
    [
      'Dex',
      {
        jwks_uri: `${op}/dex/keys`,
        token_endpoint: `${op}/dex/token`,
        device_authorization_endpoint: `${op}/dex/device/code`,
      },
    ],
    ['django-oauth-toolkit', { issuer: `${op}/o`, authorization_endpoint: `${op}/o/authorize/` }],
  ])('knows that %s tells the person’s last sign-in anywhere', (_, metadata) => {
    const guess = guessProfile(op, metadata)
    expect(asCode(guess)).toBe(`generic({ authTime: 'person' })`)
    expect(guess.findings).toMatchObject([{ check: 'auth_time', level: 'risk' }])
  })

  it.each([
    ['https://acme.fusionauth.io', 'signatures', /HS256.*choose RS256/],
    ['https://login.microsoftonline.com/tenant/v2.0', 'auth_time', /optional claim/],
  ])('warns of what is documented of %s, and no discovery document says', (issuer, check, text) => {
    const [finding] = guessProfile(issuer).findings
    expect(finding).toMatchObject({ check, level: 'risk', text: expect.stringMatching(text) })
  })

  it.each([
    ['https://login.microsoftonline.com/tenant/v2.0', {}, 'entra()'],
    ['https://login.microsoftonline.com/{tenantid}/v2.0', {}, `entra({ tenants: ['tenant-id'] })`],
    [
      'https://login.microsoftonline.com/common/v2.0',
      { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' },
      `entra({ tenants: ['tenant-id'] })`,
    ],
  ])('is written for %s with %j as it must be called', (issuer, metadata, code) => {
    expect(asCode(guessProfile(issuer, metadata))).toBe(code)
  })
})

it.each([
  [[], [], 'generic()'],
  [
    [`authTime: 'person'`],
    [`authTime: 'login'`, 'iframe: false'],
    `generic({ authTime: 'person', iframe: false })`,
  ],
  [[], [`authTime: 'person'`, `authTime: 'login'`], `generic({ authTime: 'person' })`],
])('of the options %j and %j each is said once', (options, more, code) => {
  expect(asCode({ name: 'generic', options }, more)).toBe(code)
})

// No issuer shows Curity, and no walk is made at Google.
const { curity: _, google: __, ...guessed } = profiles
it.each(Object.entries(guessed))(
  'asks for auth_time by an age as the client does with %s()',
  (name, make) => {
    const profile: ProviderProfile = make()
    expect(knownHabit(name, {}).asksByAge).toBe(askedAge({}, profile, false) !== undefined)
  },
)
