// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs'
import { createAuthClient } from 'afresh'
import { entra, generic } from 'afresh/providers'
import { afterEach, expect, it, vi } from 'vitest'
import { discoveryUrl } from '../../src/core/discovery-url.ts'
import { asCode, guessProfile } from '../../src/doctor/guess-profile.ts'
import type { Finding, Report } from '../../src/doctor/report.ts'
import { readMetadata } from '../../src/op/metadata.ts'
import { diagnose } from '../providers/diagnose.ts'

const folder = 'test/providers/discovery'
const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'))

afterEach(() => {
  vi.unstubAllGlobals()
})

const checksOf = ({ findings }: Report, wanted: Finding['level']): string[] =>
  findings.filter(({ level }) => level === wanted).map(({ check }) => check)

/** The document → its profile, what stands in the way, and the risks, where its issuer is configured as it is spelled. */
const verdicts: Readonly<Record<string, readonly [profile: string, faults: string, risks: string]>> = {
  adfs: ['generic()', '', 'PKCE, public clients, iss, prompt, auth_time'],
  apple: ['generic()', '', 'PKCE, public clients, iss, prompt, auth_time, sign-out'],
  authelia: ['generic()', '', 'sign-out'],
  authentik: ['authentik()', '', 'public clients, iss, prompt, auth_time'],
  b2c: ['generic()', '', 'PKCE, public clients, iss, prompt, auth_time'],
  'battle-net': ['generic()', '', 'PKCE, iss, prompt, auth_time'],
  casdoor: ['generic()', '', 'iss, prompt, auth_time'],
  cognito: ['cognito()', '', 'PKCE, public clients, iss, prompt, auth_time'],
  dex: [`generic({ authTime: 'person' })`, '', 'public clients, iss, prompt, auth_time, sign-out, auth_time'],
  discord: ['generic()', '', 'PKCE, iss, prompt, auth_time, sign-out'],
  docker: ['auth0()', '', 'public clients, iss, prompt, auth_time, sign-out'],
  dropbox: ['generic()', '', 'PKCE, public clients, iss, prompt, auth_time, sign-out'],
  duende: ['duende()', '', 'public clients, auth_time'],
  'entra-common': [
    `entra({ tenants: ['tenant-id'] })`,
    '',
    'PKCE, public clients, iss, prompt, auth_time, auth_time',
  ],
  'entra-organizations': [
    `entra({ tenants: ['tenant-id'] })`,
    '',
    'PKCE, public clients, iss, prompt, auth_time, auth_time',
  ],
  'entra-tenant': ['entra()', '', 'PKCE, public clients, iss, prompt, auth_time, auth_time'],
  facebook: ['generic()', 'token_endpoint code', 'PKCE, iss, prompt, auth_time, sign-out'],
  gitlab: [
    `generic({ authTime: 'person' })`,
    '',
    'public clients, iss, prompt, auth_time, sign-out, auth_time',
  ],
  google: ['google()', 'provider', 'public clients, iss, prompt, auth_time, sign-out'],
  identityserver4: ['duende()', '', 'public clients, iss, prompt, auth_time'],
  keycloak: ['keycloak()', '', 'public clients'],
  klarna: ['ory()', '', 'iss, prompt, auth_time'],
  lego: ['duende()', '', 'public clients, auth_time'],
  line: ['generic()', '', 'PKCE, public clients, iss, prompt, auth_time, sign-out'],
  linkedin: ['generic()', 'provider', 'PKCE, public clients, iss, prompt, auth_time, sign-out'],
  mojeid: ['generic()', '', 'PKCE, public clients, iss, prompt, sign-out'],
  'okta-org': ['okta()', 'code', 'iss, prompt, auth_time, sign-out'],
  'oracle-oam': ['generic()', '', 'public clients, iss, prompt, auth_time, sign-out'],
  paypal: ['generic()', '', 'public clients, iss, prompt, auth_time, sign-out'],
  pingfederate: ['generic()', '', 'PKCE, public clients, iss, prompt, auth_time, sign-out'],
  slack: ['generic()', '', 'PKCE, public clients, iss, prompt, auth_time, sign-out'],
  spotify: ['generic()', '', 'public clients, iss, prompt, auth_time, sign-out'],
  'spring-as': ['spring()', '', 'public clients, iss, prompt, auth_time, re-authentication'],
  twitch: ['generic()', '', 'PKCE, public clients, iss, prompt, sign-out'],
  verimi: ['ory()', '', 'iss, prompt, auth_time'],
  yahoo: ['generic()', '', 'PKCE, public clients, iss, prompt, auth_time, sign-out'],
  'zitadel-oidc-library': ['generic()', '', 'iss, prompt, auth_time'],
  zitadel: ['zitadel()', '', 'iss, prompt, auth_time'],
}

it('every document has its verdict', () => {
  const names = readdirSync(folder).map(file => file.replace(/\.json$/, ''))
  expect(Object.keys(verdicts).sort()).toEqual(names.sort())
})

it.each(Object.entries(verdicts))('the verdict on %s stands', async (name, [profile, faults, risks]) => {
  const document = read(name)
  const issuer = String(document.issuer)
  const report = await diagnose(document, { issuer })
  expect(checksOf(report, 'fail').join(' ')).toBe(faults)
  expect(checksOf(report, 'risk').join(', ')).toBe(risks)
  expect(report.usable).toBe(faults === '')
  expect(asCode(guessProfile(issuer, document))).toBe(profile)
  expect(report.profile).toBe(profile.replace(/\(.*/, ''))
})

/** What the client says to a document, or null when it takes it. */
function refusalOf(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    return (error as Error).message
  }
}

const changes: readonly object[] = [
  { require_pushed_authorization_requests: true },
  { require_signed_request_object: true },
  { id_token_signing_alg_values_supported: ['HS256'] },
  { id_token_signing_alg_values_supported: undefined },
  { code_challenge_methods_supported: ['plain'] },
  { token_endpoint_auth_methods_supported: ['client_secret_basic'] },
  { response_modes_supported: ['form_post'] },
  { userinfo_endpoint: 'http://kc.example/me' },
  { jwks_uri: null },
  { prompt_values_supported: 'none' },
]

it.each<[string, object]>([
  ...Object.keys(verdicts).map((name): [string, object] => [name, {}]),
  ...changes.map((change): [string, object] => ['keycloak', change]),
])('client and doctor say the same of %s with %j', async (name, change) => {
  const document = { ...read(name), ...change }
  const issuer = String(read(name).issuer)
  vi.stubGlobal('isSecureContext', true)
  const message = refusalOf(() => readMetadata(document, { issuer }))
  // Whose people may sign in is for the app to say, where the issuer is a template.
  const isTemplate = issuer.includes('{tenantid}')
  const provider = isTemplate ? entra({ tenants: ['11111111-2222-3333-4444-555555555555'] }) : generic()
  const whole = refusalOf(() =>
    createAuthClient({ issuer, clientId: 'payments', metadata: document, provider }).dispose(),
  )
  const { usable, findings } = await diagnose(document, { issuer })
  const faults = findings.filter(({ level }) => level === 'fail').map(({ text }) => text)
  expect(message === null).toBe(usable)
  expect(whole === null).toBe(usable)
  for (const fault of faults) expect(message).toContain(fault)
  expect(faults.some(fault => whole?.includes(fault))).toBe(!usable)
})

// Where people look for them: what the document says of its issuer is another thing.
it.each([
  ['entra-common', 'https://login.microsoftonline.com/common/v2.0'],
  ['entra-organizations', 'https://login.microsoftonline.com/organizations/v2.0'],
  ['b2c', 'https://msidlabb2c.b2clogin.com/msidlabb2c.onmicrosoft.com/b2c_1_sisopolicy/v2.0'],
  ['authentik', 'https://auth.example/application/o/other/'],
])('%s, looked for at %s, can be used as the advice says', async (name, place) => {
  const document = read(name)
  const named = String(document.issuer)
  const lost = await diagnose(document, { issuer: place })
  expect(checksOf(lost, 'fail')).toEqual(['issuer'])
  const text = lost.findings.find(({ check }) => check === 'issuer')?.text
  const metadataUrl = discoveryUrl({ issuer: place })
  expect(text).toContain(`"${named}"`)
  expect(text).toContain(`\`metadataUrl\` to "${metadataUrl}"`)
  expect((await diagnose(document, { issuer: named, metadataUrl })).usable).toBe(true)
})
