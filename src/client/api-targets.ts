import { type ApiTarget, scopesIn, uniteScopes } from '../core/api-target.ts'
import { defined } from '../core/defined.ts'
import { ConfigurationError } from '../core/errors.ts'
import type { AuthorizationRequest } from '../core/tokens.ts'
import type { ResolvedApi, ResolvedOptions } from './resolved-options.ts'

// Several APIs, each with an access token of its own: what the OP is asked for.

type Options = Pick<ResolvedOptions, 'scope' | 'resource' | 'apis' | 'profile'>

/** What an app, or an entry of `api`, wants a token for. */
type Wanted = { readonly [Name in keyof ApiTarget]?: string | undefined }

/**
 * What to ask the OP for; null where the session's own access token is meant.
 *
 * @throws {ConfigurationError} for a `resource` without a `scope`, where the OP knows an API by its scopes alone
 */
export function targetOf(options: Options, wanted: Wanted): ApiTarget | null {
  const { name, resourceParam } = options.profile
  // An empty text, say of a setting that was left out, names nothing.
  const resource = wanted.resource || options.resource
  const scope = scopesIn(wanted.scope).length > 0 ? wanted.scope : undefined
  const isOwnApi = resource === options.resource
  if (resourceParam === 'none' && !isOwnApi && scope === undefined)
    throw new ConfigurationError(
      `The provider (${name}) knows an API by its scopes: name those of "${resource}" in \`scope\``,
    )
  const isOwnScope = scope === undefined || hasSame(scopesIn(scope), scopesIn(options.scope))
  if (isOwnApi && isOwnScope) return null
  return defined({ resource: resourceParam === 'none' ? undefined : resource, scope })
}

/** Those entries of `api` that take a token of their own. */
function targetsOf(options: Options): readonly ApiTarget[] {
  return options.apis.flatMap(api => targetOf(options, api) ?? [])
}

/**
 * What each sign-in asks for: the scopes and APIs of all tokens, so that its refresh token is good for them. An `audience`
 * can be one only, and the OP has rules of its own for the others.
 *
 * @see RFC 8707 §2.2
 */
export function askedFor(options: Options): {
  readonly scope: string
  readonly resources: readonly string[]
} {
  const { scope, resource } = options
  const own = resource === undefined ? [] : [resource]
  if (options.profile.resourceParam === 'audience') return { scope, resources: own }
  const targets = targetsOf(options)
  const resources = [...own, ...targets.flatMap(target => target.resource ?? [])]
  return {
    scope: uniteScopes(scope, ...targets.map(target => target.scope)),
    resources: [...new Set(resources)],
  }
}

/** What token requests say that the session's own token is for. They must say so where a sign-in asks for more. */
export function ownTarget(options: Options): ApiTarget {
  const { resource, scope, profile } = options
  const { resourceParam = 'resource' } = profile
  if (resourceParam === 'resource') return defined({ resource })
  return targetsOf(options).length > 0 ? defined({ resource, scope }) : {}
}

/** The part of an authorization request that brings the token for an API, besides what every sign-in asks for. */
export function signInFor(
  options: Options,
  target: ApiTarget | null,
): Pick<AuthorizationRequest, 'target' | 'scope' | 'resources'> {
  if (!target) return {}
  const asked = askedFor(options)
  const { resource } = target
  const resources =
    options.profile.resourceParam === 'audience'
      ? [resource ?? []].flat()
      : [...new Set([...asked.resources, ...[resource ?? []].flat()])]
  return { target, scope: uniteScopes(asked.scope, target.scope), resources }
}

/** The same for a hidden frame: it asks for that one token and for no refresh token. */
export function frameFor(
  options: Options,
  target: ApiTarget | null,
): Pick<AuthorizationRequest, 'target' | 'scope' | 'resources'> {
  if (!target) return {}
  const { resource, scope = askedFor(options).scope } = target
  const scopes = scopesIn(uniteScopes('openid', scope)).filter(one => one !== 'offline_access')
  return { target, scope: scopes.join(' '), resources: [resource ?? []].flat() }
}

/**
 * Whether a refresh token may give this one: by the specifications it is good for what the sign-in has asked for. Where
 * the OP does not know `resource`, it has rules of its own.
 *
 * @see RFC 6749 §6, RFC 8707 §2.2
 */
export function isCovered(options: Options, { resource, scope }: ApiTarget): boolean {
  const asked = askedFor(options)
  const isApiAsked = resource === undefined || asked.resources.includes(resource)
  return isApiAsked && scopesIn(scope).every(one => scopesIn(asked.scope).includes(one))
}

/** Which scopes an access token was asked for with. */
export function scopeOf(options: Options, target: ApiTarget | null): string {
  return target ? (target.scope ?? askedFor(options).scope) : options.scope
}

/** The API at an origin, or undefined. */
export function apiAt(options: Options, origin: string): ResolvedApi | undefined {
  return options.apis.find(api => api.origin === origin)
}

/** `openid` is in each sign-in, whether it is named or not. */
function hasSame(some: readonly string[], others: readonly string[]): boolean {
  const all = (scopes: readonly string[]): Set<string> => new Set(['openid', ...scopes])
  return all(some).size === all(others).size && some.every(one => all(others).has(one))
}
