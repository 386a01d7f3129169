import { hasPaths } from './has-paths.ts'
import type { Finding, Metadata } from './report.ts'

/** What is documented of a product, or to be read in its source, and no discovery document says. */
export interface Habit {
  /** What its profile must say besides. */
  readonly options: readonly string[]
  readonly findings: readonly Finding[]
  /** Whether the client asks this OP for `auth_time` by a `max_age`, where the OP takes no `claims`. */
  readonly asksByAge: boolean
  /** Why the client makes no step-up with this profile. Default: it makes them. */
  readonly noStepUp?: string
}

/** The profiles of OPs that tell `auth_time` only when asked, and honour `max_age`. */
const asksByAge = ['auth0', 'generic', 'logto']

/** Products that tell the person's last sign-in on any device as `auth_time`, by the paths of their documents. */
const perPerson: readonly (readonly [product: string, members: Readonly<Record<string, RegExp>>])[] = [
  // `auth_time_from_resource_owner`, for which GitLab has the person's current_sign_in_at.
  ['doorkeeper, as in GitLab', { jwks_uri: /\/oauth\/discovery\/keys$/ }],
  // With its sessions switched on: the LastLogin of the person's identity.
  [
    'Dex',
    { jwks_uri: /\/keys$/, device_authorization_endpoint: /\/device\/code$/, token_endpoint: /\/token$/ },
  ],
  // The person's last_login.
  ['django-oauth-toolkit', { issuer: /\/o$/, authorization_endpoint: /\/o\/authorize\/$/ }],
]

/** By the name of the profile. */
const byProfile: Readonly<Record<string, Finding>> = {
  fusionAuth: {
    check: 'signatures',
    level: 'risk',
    text: 'New applications at FusionAuth sign with HS256, which the client refuses: choose RS256 or ES256 for ID Tokens and access tokens.',
  },
  entra: {
    check: 'auth_time',
    level: 'risk',
    text: 'Entra tells auth_time as an optional claim only: add it to the ID Tokens of this app registration.',
  },
}

const noStepUp: Readonly<Record<string, string>> = {
  spring:
    'Spring Authorization Server ignores prompt=login, and its auth_time is the last request of the session',
}

/** What is known of such an OP. @param profile the name of its profile */
export function knownHabit(profile: string, metadata: Metadata): Habit {
  const known = byProfile[profile]
  const why = noStepUp[profile]
  const habit: Habit = {
    options: [],
    findings: known ? [known] : [],
    asksByAge: asksByAge.includes(profile),
    ...(why !== undefined && { noStepUp: why }),
  }
  if (profile !== 'generic') return habit
  const [product] = perPerson.find(([, members]) => hasPaths(metadata, members)) ?? []
  if (product === undefined) return habit
  const text = `This looks like ${product}, where auth_time is the person’s last sign-in on any device. It does not show that the person of this browser was asked, so no policy can say reauthenticate.`
  const findings: Finding[] = [{ check: 'auth_time', level: 'risk', text }]
  return { options: [`authTime: 'person'`], findings, asksByAge: false }
}
