import type { Configuration, ResourceServer } from 'oidc-provider'
import type { DemoApi } from '../apis.ts'
import { errors } from './library.ts'

/** How the library knows the APIs that access tokens are for. */
export type Resources = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>

/** An API whose access tokens are JWTs. Their lifetime is in seconds. */
export const jwtFor = (
  audience: string,
  { scope, accessTokenTtl }: { readonly scope: string; readonly accessTokenTtl: number },
): ResourceServer => ({
  scope,
  audience,
  accessTokenFormat: 'jwt',
  accessTokenTTL: accessTokenTtl,
  jwt: { sign: { alg: 'RS256' } },
})

/** Every access token is the same JWT, at an OP that knows no APIs. Its `aud` is to be rewritten. */
export const oneForAll = (accessTokenTtl: number): Resources => ({
  enabled: true,
  // The library makes JWTs for a resource only, which is a URI.
  defaultResource: () => 'urn:all',
  useGrantedResource: () => true,
  getResourceServerInfo: (_, identifier) => jwtFor(identifier, { scope: '', accessTokenTtl }),
})

/**
 * An access token for each API, and none for another (`invalid_target`). Without a `resource`, an authorization request
 * is for the first API, and a token request for the first of those that have been granted.
 *
 * @see RFC 8707 §2
 */
export function resources(apis: readonly [DemoApi, ...DemoApi[]], accessTokenTtl: number): Resources {
  const identifierOf = ({ audience, resource = audience }: DemoApi): string => resource
  return {
    enabled: true,
    defaultResource: (_, __, granted = []) => granted[0] ?? identifierOf(apis[0]),
    useGrantedResource: () => true,
    getResourceServerInfo: (_, identifier) => {
      const api = apis.find(one => identifierOf(one) === identifier)
      if (!api) throw new errors.InvalidTarget()
      return jwtFor(api.audience, { scope: api.scope ?? '', accessTokenTtl })
    },
  }
}
