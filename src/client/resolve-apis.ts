import { defined } from '../core/defined.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'
import { check, originOf } from './option-checks.ts'
import type { AuthClientOptions } from './options.ts'

/** An API. Without `resource` and `scope` it takes the session's access token. */
export interface ResolvedApi {
  readonly origin: string
  readonly resource?: string
  readonly scope?: string
}

/** The APIs that tokens go to. @param pageOrigin the only one by default @throws {ConfigurationError} */
export function apisOf(
  { api, resource: ownResource }: AuthClientOptions,
  { name, resourceParam }: ProviderProfile,
  pageOrigin: string,
): readonly ResolvedApi[] {
  if (api === undefined) return [{ origin: pageOrigin }]
  if ('origins' in api) return api.origins.map(text => ({ origin: originOf('api.origins', text) }))
  check(
    api.length > 0,
    '`api` is an empty list: leave it out, or say `{ origins: [] }` to send tokens nowhere',
  )
  const apis = api.map(one => ({ ...defined(one), origin: originOf('api.origin', one.origin) }))
  for (const [index, { origin, resource = ownResource, scope }] of apis.entries()) {
    check(apis.findIndex(one => one.origin === origin) === index, `\`api\` names ${origin} twice`)
    check(
      resourceParam !== 'none' || resource === ownResource || scope !== undefined,
      `\`api\` names no \`scope\` for ${origin}: the provider (${name}) knows an API by its scopes`,
    )
  }
  return apis
}

/** The API of the session's own token. @throws {ConfigurationError} where the OP would not be told */
export function resourceOf(
  { resource }: AuthClientOptions,
  { name, resourceParam }: ProviderProfile,
): string | undefined {
  check(
    resource === undefined || resourceParam !== 'none',
    `\`resource\` is not sent to the provider (${name}), which knows an API by its scopes: name those in \`scope\``,
  )
  return resource
}
