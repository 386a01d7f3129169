import { type ApiTarget, scopesIn, uniteScopes } from '../core/api-target.ts'
import { defined } from '../core/defined.ts'
import { parseAuthenticate } from '../core/www-authenticate.ts'
import { scopeOf, targetOf } from './api-targets.ts'
import type { ResolvedApi, ResolvedOptions } from './resolved-options.ts'

/** Characters of the scopes that an answer names, at most. */
const longestScope = 1024

/**
 * The token to ask for where an API says that the one it got lacks a scope (`insufficient_scope`); null where it names
 * none that this one was asked for without. A scope that another API of the same resource has in `api`, or that comes with
 * the session's token there, is not asked for: the token would be good there, and this API could use it.
 *
 * @param target that the token was asked for; null for the session's own
 * @see RFC 6750 §3.1
 */
export function widerTarget(
  options: Pick<ResolvedOptions, 'scope' | 'resource' | 'apis' | 'profile'>,
  api: ResolvedApi,
  target: ApiTarget | null,
  response: Response,
): ApiTarget | null {
  const had = scopeOf(options, target)
  const resourceOf = ({ resource = options.resource }: ResolvedApi): string | undefined => resource
  const neighbours = options.apis.filter(one => one !== api && resourceOf(one) === resourceOf(api))
  const theirs = neighbours.flatMap(one => scopesIn(scopeOf(options, targetOf(options, one))))
  const kept = [...scopesIn(had), ...theirs]
  const missing = demandedScopes(response).filter(scope => !kept.includes(scope))
  if (missing.length === 0) return null
  const { resource = options.resource } = target ?? {}
  return defined({ resource, scope: uniteScopes(had, ...missing) })
}

function demandedScopes(response: Response): readonly string[] {
  if (response.status !== 401 && response.status !== 403) return []
  const challenges = parseAuthenticate(response.headers.get('WWW-Authenticate') ?? '')
  const refusal = challenges.find(({ parameters }) => parameters.error === 'insufficient_scope')
  const { scope = '' } = refusal?.parameters ?? {}
  const isScope = scope.length <= longestScope && /^[\x21\x23-\x5b\x5d-\x7e ]*$/.test(scope)
  return isScope ? scopesIn(scope) : []
}
