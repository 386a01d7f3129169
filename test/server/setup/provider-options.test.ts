import { describe, expect, it } from 'vitest'
import { createAccessTokenGuard } from '../../../src/server/access-token.ts'
import { createFreshnessGuard, type GuardOptions } from '../../../src/server/index.ts'
import { testKey } from '../../support/keys.ts'

const issuer = 'https://login.example'
const template = 'https://login.example/{tenantid}/v2.0'
const shared = { issuer, audience: 'https://api.example', store: 'memory' }
const own = { clientId: 'payments', keys: [testKey(1)], actions: { mail: { maxAge: 300 } } }
const subjectOf = ({ oid }: Readonly<Record<string, unknown>>): unknown => oid
const metadata = { issuer, jwks_uri: `${issuer}/jwks` }
const tenants = [`${issuer}/t1/v2.0`, `${issuer}/t2/v2.0`]

/** The message of the error that the options get, or null where they are taken. */
function problemOf(make: () => unknown): string | null {
  try {
    make()
    return null
  } catch (error) {
    expect(error).toMatchObject({ code: 'configuration_invalid' })
    return (error as Error).message
  }
}

const guards: [string, (options: object) => string | null][] = [
  [
    'a freshness guard',
    options => problemOf(() => createFreshnessGuard({ ...shared, ...own, ...options } as GuardOptions)),
  ],
  [
    'an access token guard',
    options => problemOf(() => createAccessTokenGuard({ ...shared, ...options } as never)),
  ],
]

describe.each(guards)('%s', (_, problemWith) => {
  it.each<[string, object]>([
    ['a profile that knows nothing', { provider: { name: 'x' } }],
    ['no profile', { provider: undefined }],
    [
      'all that a profile can say to guards',
      {
        provider: {
          ...{ name: 'x', metadataUrl: 'https://elsewhere.example/doc', issuers: [issuer], iatLag: 300 },
          ...{ acrClaim: 'acrs', authTime: 'always', trustedAudiences: () => true, localIdp: () => true },
          ...{ subjectOf, audienceClaim: 'client_id', accessTokenIssuers: ['http://fs.example/trust'] },
          isAccessToken: () => true,
        },
      },
    ],
    ['options of their own', { metadataUrl: 'https://elsewhere.example/doc', metadata, subjectOf }],
    ['metadata without jwks_uri, and jwksUri', { metadata: { issuer }, jwksUri: `${issuer}/jwks` }],
    [
      'a template with its issuers and its document',
      {
        issuer: template,
        metadataUrl: 'https://login.example/common/doc',
        provider: { name: 'x', issuers: [tenants[0]] },
      },
    ],
    [
      'several issuers with a rule that names people',
      { issuer: template, jwksUri: `${issuer}/jwks`, provider: { name: 'x', issuers: tenants, subjectOf } },
    ],
  ])('takes %s', (_, options) => {
    expect(problemWith(options)).toBeNull()
  })

  it.each<[string, object]>([
    ['a profile null', { provider: null }],
    ['a profile by name', { provider: 'entra' }],
    ['a function that makes one', { provider: () => ({ name: 'x' }) }],
    ['a list', { provider: [] }],
    ['a profile without a name', { provider: {} }],
    ['a profile that cannot be used', { provider: { name: 'x', refusal: 'needs a secret' } }],
    ['a profile that cannot be used, without a reason', { provider: { name: 'x', refusal: '' } }],
    ['issuers as text', { provider: { name: 'x', issuers: issuer } }],
    ['no issuers', { provider: { name: 'x', issuers: [] } }],
    ['accessTokenIssuers as text', { provider: { name: 'x', accessTokenIssuers: issuer } }],
    ['an iatLag below 0', { provider: { name: 'x', iatLag: -1 } }],
    ['an iatLag of NaN', { provider: { name: 'x', iatLag: Number.NaN } }],
    ['an iatLag in milliseconds', { provider: { name: 'x', iatLag: 300_000 } }],
    ['an iatLag as text', { provider: { name: 'x', iatLag: '300' } }],
    ['an acrClaim that there is not', { provider: { name: 'x', acrClaim: 'acr' } }],
    ['an authTime that there is not', { provider: { name: 'x', authTime: 'per person' } }],
    ['an audienceClaim that there is not', { provider: { name: 'x', audienceClaim: 'azp' } }],
    ['a subjectOf that is text', { provider: { name: 'x', subjectOf: 'oid' } }],
    ['a localIdp that is text', { provider: { name: 'x', localIdp: 'local' } }],
    ['an isAccessToken that is true', { provider: { name: 'x', isAccessToken: true } }],
    ['an option subjectOf that is text', { subjectOf: 'oid' }],
    ['a metadataUrl by plain HTTP', { metadataUrl: 'http://login.example/doc' }],
    ['a metadataUrl on this machine', { metadataUrl: 'http://localhost/doc' }],
    ['a metadataUrl that is a path', { metadataUrl: '/doc' }],
    ['a profile’s metadataUrl by plain HTTP', { provider: { name: 'x', metadataUrl: 'http://x.example' } }],
    ['metadata as text', { metadata: '{}' }],
    ['metadata null', { metadata: null }],
    ['metadata of another issuer', { metadata: { ...metadata, issuer: `${issuer}/` } }],
    ['metadata of no issuer', { metadata: { jwks_uri: metadata.jwks_uri } }],
    ['metadata without jwks_uri', { metadata: { issuer } }],
    ['metadata with a jwks_uri by plain HTTP', { metadata: { issuer, jwks_uri: 'http://login.example' } }],
    ['a template whose issuers are not known', { issuer: template, metadataUrl: `${issuer}/doc` }],
    [
      'a template whose document is not known',
      { issuer: template, provider: { name: 'x', issuers: tenants, subjectOf } },
    ],
    [
      'several issuers without a rule that names people',
      { issuer: template, jwksUri: `${issuer}/jwks`, provider: { name: 'x', issuers: tenants } },
    ],
    ['a misspelt member of a profile', { provider: { name: 'x', authtime: 'person' } }],
    ['a member that is an option', { provider: { name: 'x', clockSkew: 5 } }],
    ['a misspelt provider', { provder: { name: 'x' } }],
    ['an option that is the profile’s', { iatLag: 300 }],
  ])('refuses %s', (_, options) => {
    expect(problemWith(options)).not.toBeNull()
  })

  it('says why a profile cannot be used', () => {
    expect(problemWith({ provider: { name: 'Google', refusal: 'it needs a secret' } })).toMatch(
      /Google.*needs a secret/,
    )
  })
})

describe('an access token guard that introspects', () => {
  const introspection = { clientId: 'api', clientSecret: 'secret' }
  const problemWith = (options: object): string | null =>
    problemOf(() => createAccessTokenGuard({ ...shared, introspection, ...options } as never))

  it('needs an endpoint, in its options or in the metadata', () => {
    expect(problemWith({ metadata })).not.toBeNull()
    expect(
      problemWith({ metadata: { ...metadata, introspection_endpoint: 'http://x.example' } }),
    ).not.toBeNull()
    expect(problemWith({ metadata: { ...metadata, introspection_endpoint: `${issuer}/ask` } })).toBeNull()
    expect(
      problemWith({ metadata, introspection: { ...introspection, endpoint: `${issuer}/ask` } }),
    ).toBeNull()
  })
})

describe('a policy', () => {
  const problemWith = (policy: object, provider: object): string | null =>
    problemOf(() => createFreshnessGuard({ ...shared, ...own, actions: { pay: policy }, provider } as never))

  it('of reauthenticate is refused where auth_time is the person’s, and says what to do', () => {
    const provider = { name: 'GitLab', authTime: 'person' }
    expect(problemWith({ reauthenticate: true }, provider)).toMatch(/"pay".*GitLab.*auth_time.*maxAge/)
    expect(problemWith({ reauthenticate: true, maxAge: 60 }, provider)).not.toBeNull()
    expect(problemWith({ maxAge: 60 }, provider)).toBeNull()
    expect(problemWith({ maxAge: 60, reauthenticate: false }, provider)).toBeNull()
    expect(problemWith({ reauthenticate: true }, { name: 'x', authTime: 'unknown' })).toBeNull()
  })

  it('of any kind is refused where no step-up can be had, and says why', () => {
    const provider = { name: 'Spring', noStepUp: 'auth_time is the last request’s' }
    expect(problemWith({ maxAge: 60 }, provider)).toMatch(/Spring.*last request/)
    expect(problemWith({ reauthenticate: true }, provider)).not.toBeNull()
  })

  it('with acrValues is refused where the provider reports none, and says what to do', () => {
    const provider = { name: 'ZITADEL', acrClaim: 'none' }
    expect(problemWith({ maxAge: 60, acrValues: ['gold'] }, provider)).toMatch(/"pay".*ZITADEL.*acrClaim/)
    expect(problemWith({ reauthenticate: true, acrValues: ['gold'] }, provider)).not.toBeNull()
    expect(problemWith({ maxAge: 60, amr: ['mfa'] }, provider)).toBeNull()
    expect(
      problemWith({ maxAge: 60, acrValues: ['gold'] }, { ...provider, acrClaim: 'voluntary' }),
    ).toBeNull()
  })

  it('of localIdp: true takes the provider’s rule, and is refused where there is none', () => {
    expect(problemWith({ maxAge: 60, localIdp: true }, { name: 'x', localIdp: () => true })).toBeNull()
    expect(problemWith({ maxAge: 60, localIdp: true }, { name: 'Curity' })).toMatch(/Curity.*rule/)
    expect(problemWith({ maxAge: 60, localIdp: () => true }, { name: 'x' })).toBeNull()
  })
})
