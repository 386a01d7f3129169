import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AuthClientOptions } from 'afresh'
import type { ProviderProfile } from 'afresh/providers'
import * as providers from 'afresh/providers'

/** A provider of the table: its document in `discovery/`, and how an app would set the client up for it. */
export interface Documented {
  /** The file's name, and the row's. */
  readonly file: string
  /** The profile as an app writes it. */
  readonly code: string
  readonly profile: ProviderProfile
  /** What the app must say besides. Default: nothing. */
  readonly options?: Partial<AuthClientOptions>
  /** Claims that this provider's ID Tokens have besides. Default: none. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Whether it gives a refresh token. Default: if the profile's scope asks for one. */
  readonly givesRefreshToken?: boolean
}

const { auth0, authentik, cognito, duende, entra, generic, google } = providers
const { keycloak, okta, ory, spring, zitadel } = providers
const tenants = ['contoso', 'fabrikam']
const tenantClaims = { tid: 'contoso', oid: 'josh', iss: 'https://login.microsoftonline.com/contoso/v2.0' }
const perPerson = { code: "generic({ authTime: 'person' })", profile: generic({ authTime: 'person' }) }
const named = { code: 'generic({ userInfo: true })', profile: generic({ userInfo: true }) }
const plain = { code: 'generic()', profile: generic() }

/** Every document, with the profile that fits it. */
export const documented: readonly Documented[] = [
  { file: 'adfs', ...plain },
  { file: 'apple', ...plain },
  { file: 'authelia', ...named },
  { file: 'authentik', code: 'authentik()', profile: authentik() },
  { file: 'b2c', ...plain },
  { file: 'battle-net', ...plain },
  { file: 'casdoor', ...plain },
  {
    file: 'cognito',
    code: 'cognito()',
    profile: cognito(),
    claims: { token_use: 'id' },
    givesRefreshToken: true,
  },
  { file: 'dex', ...perPerson },
  { file: 'discord', ...plain },
  { file: 'docker', code: 'auth0()', profile: auth0() },
  { file: 'dropbox', ...plain },
  { file: 'duende', code: 'duende()', profile: duende(), claims: { idp: 'local' } },
  { file: 'entra-common', ...entraOf('common') },
  { file: 'entra-organizations', ...entraOf('organizations') },
  { file: 'entra-tenant', code: 'entra()', profile: entra() },
  { file: 'facebook', ...plain },
  { file: 'gitlab', ...perPerson },
  { file: 'google', code: 'google()', profile: google() },
  { file: 'identityserver4', code: 'duende()', profile: duende(), claims: { idp: 'local' } },
  { file: 'keycloak', code: 'keycloak()', profile: keycloak(), givesRefreshToken: true },
  { file: 'klarna', code: 'ory()', profile: ory() },
  { file: 'lego', code: 'duende()', profile: duende(), claims: { idp: 'local' } },
  { file: 'line', ...plain },
  { file: 'linkedin', ...plain },
  { file: 'mojeid', ...plain },
  { file: 'okta-org', code: 'okta()', profile: okta() },
  { file: 'oracle-oam', ...plain },
  { file: 'paypal', ...plain },
  { file: 'pingfederate', ...plain },
  { file: 'slack', ...plain },
  { file: 'spotify', ...plain },
  { file: 'spring-as', code: 'spring()', profile: spring() },
  { file: 'twitch', ...plain },
  { file: 'verimi', code: 'ory()', profile: ory() },
  { file: 'yahoo', ...plain },
  { file: 'zitadel', code: 'zitadel()', profile: zitadel() },
  { file: 'zitadel-oidc-library', ...plain },
]

/** The profiles that no document is here for. */
export const undocumented: readonly string[] = Object.keys(providers).filter(
  name => !documented.some(({ code }) => code.startsWith(`${name}(`)),
)

function entraOf(tenant: string): Omit<Documented, 'file'> {
  return {
    code: `entra({ tenant: '${tenant}', tenants })`,
    profile: entra({ tenant, tenants }),
    claims: tenantClaims,
  }
}

export const folder = join(dirname(fileURLToPath(import.meta.url)), 'discovery')

/** What the provider publishes. */
export async function readDocument({ file }: Documented): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await readFile(join(folder, `${file}.json`), 'utf8'))
}
