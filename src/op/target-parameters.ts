import type { ApiTarget } from '../core/api-target.ts'
import { scopesIn, uniteScopes } from '../core/api-target.ts'
import { defined } from '../core/defined.ts'
import type { OpenIdProviderOptions } from './openid-provider-types.ts'
import { resourceParameters } from './resources.ts'

/**
 * What tells the token endpoint which API an access token is for. The exchange of a code says so by `resource` (RFC 8707
 * §2.2), or by `scope` where the OP knows an API by its scopes alone; an `audience` is bound to the code already. A
 * refresh also names the scopes (RFC 6749 §6).
 */
export function targetParameters(
  grant: 'authorization_code' | 'refresh_token',
  target: ApiTarget,
  { profile, scope: sessionScope }: Pick<OpenIdProviderOptions, 'profile' | 'scope'>,
): Readonly<Record<string, string>> {
  const { resourceParam = 'resource' } = profile
  const { resource } = target
  const names = Object.fromEntries(resourceParameters(profile, resource === undefined ? [] : [resource]))
  const scope = scopeOf(target, sessionScope)
  if (grant === 'refresh_token') return { ...names, ...scope }
  return { resource: names, audience: {}, none: scope }[resourceParam]
}

/** Some OPs give no new refresh token for a request without `offline_access`. */
function scopeOf({ scope }: ApiTarget, sessionScope: string): { readonly scope?: string } {
  if (scope === undefined) return {}
  const isOffline = scopesIn(sessionScope).includes('offline_access')
  return defined({ scope: uniteScopes(scope, isOffline ? 'offline_access' : undefined) })
}
