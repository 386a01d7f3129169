import { isRecord } from '../core/claims.ts'
import { check } from './option-checks.ts'
import type { ApiOptions, AuthClientOptions } from './options.ts'

/** The names of an object's members, as an object: one that is added to the type and not here does not compile. */
type Names<T> = { readonly [Name in keyof T]-?: true }

type Group = 'freshness' | 'renewal' | 'session' | 'triggers'

const names: Names<AuthClientOptions> = {
  issuer: true,
  clientId: true,
  scope: true,
  callbackUrl: true,
  provider: true,
  freshness: true,
  authorizationParams: true,
  resource: true,
  acrValues: true,
  prompt: true,
  trustedAudiences: true,
  metadataUrl: true,
  metadata: true,
  userInfo: true,
  api: true,
  interaction: true,
  storage: true,
  tabs: true,
  renewal: true,
  idTokenSignature: true,
  dpop: true,
  session: true,
  triggers: true,
  uiLocales: true,
  onAccountChange: true,
  rememberAccounts: true,
  clockSkew: true,
  timeLimit: true,
  logger: true,
}

const groups: { readonly [Name in Group]: Names<NonNullable<AuthClientOptions[Name]>> } = {
  freshness: { endpoint: true },
  renewal: { via: true, restore: true },
  session: { idle: true, absolute: true, warnBefore: true },
  triggers: {
    action: true,
    idTokenAge: true,
    idle: true,
    networkChange: true,
    deviceChange: true,
    locationChange: true,
    own: true,
  },
}

const apiNames: Names<ApiOptions> = { origin: true, resource: true, scope: true }

/**
 * Refuses an option that does not exist: a misspelt one would be ignored silently. Also looks into `freshness`, `api`,
 * `renewal`, `session` and `triggers`; a `provider` and the triggers in `own` may have members of their own. What should
 * be an object and is none is passed over here.
 *
 * @throws {ConfigurationError} naming the option and the one that it is most like
 */
export function checkNames(options: AuthClientOptions): void {
  refuseUnknown('', options, names)
  for (const [group, known] of Object.entries(groups))
    refuseUnknown(`${group}.`, options[group as Group], known)
  const { api } = options
  if (Array.isArray(api)) for (const one of api) refuseUnknown('api.', one, apiNames)
  else refuseUnknown('api.', api, { origins: true })
}

function refuseUnknown(prefix: string, options: unknown, known: object): void {
  if (!isRecord(options)) return
  const unknown = Object.keys(options).find(name => !Object.hasOwn(known, name))
  if (unknown === undefined) return
  check(
    false,
    `there is no option \`${prefix}${unknown}\`; the nearest is \`${prefix}${nearest(unknown, Object.keys(known))}\``,
  )
}

/** The name that the fewest edits of one letter lead to. */
function nearest(name: string, known: readonly string[]): string {
  const distances = known.map(one => [one, distance(name.toLowerCase(), one.toLowerCase())] as const)
  return distances.reduce((best, one) => (one[1] < best[1] ? one : best), ['', Infinity])[0]
}

/** Levenshtein's: one row of the table after the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [line, letter] of [...a].entries()) {
    const next = [line + 1]
    for (const [column, other] of [...b].entries()) {
      const [left = 0, above = 0, diagonal = 0] = [next[column], row[column + 1], row[column]]
      next.push(Math.min(left + 1, above + 1, diagonal + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
