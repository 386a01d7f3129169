import { hasPaths } from './has-paths.ts'
import { type Habit, knownHabit } from './known-habits.ts'
import type { Metadata } from './report.ts'

/** A profile of `afresh/providers`, as an app would call it. */
export interface ProfileGuess extends Habit {
  /** The function's name. */
  readonly name: string
  /** What it must be called with. Default: nothing. */
  readonly argument?: string
}

/** The vendors' own host names. */
const hosts: readonly (readonly [name: string, host: RegExp])[] = [
  ['auth0', /\.auth0\.com$/],
  ['authAction', /(^|\.)authaction\.com$/],
  ['cognito', /^cognito-idp\.[\w-]+\.amazonaws\.com(\.cn)?$/],
  ['duende', /^demo\.duendesoftware\.com$/],
  ['entra', /^login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn)$/],
  ['erpNet', /(^|\.)erp\.net$/],
  ['fusionAuth', /\.fusionauth\.io$/],
  ['google', /^accounts\.google\.com$/],
  ['kinde', /\.kinde\.com$/],
  ['loginGov', /^(secure\.login\.gov|idp\.int\.identitysandbox\.gov)$/],
  ['logto', /\.logto\.app$/],
  ['okta', /\.(okta|oktapreview|okta-emea)\.com$/],
  ['ory', /\.oryapis\.com$/],
  ['zitadel', /\.zitadel\.cloud$/],
]

/** Paths that one product has and no other is known to have, on whatever host. All of a row must be there. */
const paths: readonly (readonly [name: string, members: Readonly<Record<string, RegExp>>])[] = [
  ['auth0', { mfa_challenge_endpoint: /\/mfa\/challenge$/ }],
  ['authentik', { authorization_endpoint: /\/application\/o\/authorize\/$/ }],
  ['duende', { jwks_uri: /\/\.well-known\/openid-configuration\/jwks$/ }],
  ['keycloak', { issuer: /\/realms\/[^/]+$/, authorization_endpoint: /\/protocol\/openid-connect\/auth$/ }],
  ['ory', { end_session_endpoint: /\/oauth2\/sessions\/logout$/ }],
  ['spring', { jwks_uri: /\/oauth2\/jwks$/, end_session_endpoint: /\/connect\/logout$/ }],
  ['zitadel', { end_session_endpoint: /\/oidc\/v1\/end_session$/ }],
]

/**
 * The profile for an OP: by the vendors' host names, else by what its discovery document shows. An OP that shows
 * neither gets `generic`, which reads the rest of the document.
 */
export function guessProfile(issuer: string, metadata: Metadata = {}): ProfileGuess {
  const { hostname } = new URL(issuer)
  const name =
    hosts.find(([, host]) => host.test(hostname))?.[0] ??
    paths.find(([, members]) => hasPaths(metadata, members))?.[0] ??
    'generic'
  // One for many tenants says so by a template.
  const isShared = name === 'entra' && /[{}]/.test(`${issuer}${metadata.issuer}`)
  return { name, ...(isShared && { argument: `{ tenants: ['tenant-id'] }` }), ...knownHabit(name, metadata) }
}

/** Writes the profile as an app would. @param more what else it must say; of two options of one name the first counts */
export function asCode(
  { name, argument = '', options }: Pick<ProfileGuess, 'name' | 'argument' | 'options'>,
  more: readonly string[] = [],
): string {
  const nameOf = (option: string): string => option.slice(0, option.indexOf(':'))
  const all = [...options, ...more].filter(
    (option, index, list) => list.findIndex(other => nameOf(other) === nameOf(option)) === index,
  )
  if (all.length === 0) return `${name}(${argument})`
  return name === 'generic'
    ? `generic({ ${all.join(', ')} })`
    : `{ ...${name}(${argument}), ${all.join(', ')} }`
}
