import type { Configuration, Context } from 'oidc-provider'
import { redirectError } from './location.ts'
import { mountedAt } from './mount.ts'
import type { OpOverrides } from './op.ts'
import { findPerson, type Person } from './people.ts'

/** Another app that is registered at the same OP. It does not run, so its answers come back to the demo's page too. */
export const otherApp = 'timesheets'

/** What ERP.net's documentation leaves open. */
export interface ErpNetOptions {
  /** The login name, which is the `sub` and can change. Default: the username. */
  readonly loginOf?: (person: Person) => string
  /**
   * The people who sign in at an identity provider of their own, which knows them and does not get `prompt`. Default:
   * none.
   */
  readonly isExternal?: (person: Person) => boolean
  /** Documented in two ways: whether public clients get refresh tokens. Default: true. */
  readonly refreshTokens?: boolean
  /** Documented in two ways: whether access tokens carry `auth_time`. Default: true. */
  readonly authTimeInAccessTokens?: boolean
  /** How many seconds an access token lives. Default: 3600, as documented. */
  readonly accessTokenTtl?: number
  /** Inferred: whether the login page's return URL has lost the `prompt`, and can be opened. Default: true. */
  readonly stripsPrompt?: boolean
}

/**
 * Emulates ERP.net as documented; access tokens list their scopes in an array. The `idp` and `amr` of an external login are not documented: `corp` and `external`
 * are invented.
 */
export function erpNet({
  loginOf,
  isExternal = () => false,
  refreshTokens = true,
  authTimeInAccessTokens = true,
  accessTokenTtl = 3600,
  stripsPrompt = true,
}: ErpNetOptions = {}): OpOverrides {
  const scopes = ['openid', 'profile', 'offline_access', 'read', 'update']
  const comesFromOutside = (sub: string | undefined): boolean => {
    const person = findPerson(sub)
    return person !== undefined && isExternal(person)
  }
  return {
    issuer: origin => `${origin}/id`,
    ...(loginOf && { subjectOf: loginOf }),
    configure: ({ claims: { email: _, ...claims } = {}, ...configuration }) => ({
      ...configuration,
      claims,
      issueRefreshToken: () => refreshTokens,
      expiresWithSession: () => false,
      clients: configuration.clients.flatMap(client => {
        const app = { ...client, scope: scopes.join(' ') }
        return [app, { ...app, client_id: otherApp, client_name: 'Timesheets' }]
      }),
      scopes,
      routes: {
        authorization: '/connect/authorize',
        token: '/connect/token',
        revocation: '/connect/revocation',
        end_session: '/connect/endsession',
        jwks: '/.well-known/openid-configuration/jwks',
      },
      features: {
        ...configuration.features,
        claimsParameter: { enabled: false },
        ...withResource(configuration.features?.resourceIndicators, { scope: 'read update', accessTokenTtl }),
      },
      interactions: {
        url: ({ oidc }, { uid }) => {
          const { prompt: _, max_age: __, ...kept } = oidc.params
          const query = new URLSearchParams()
          for (const [name, value] of Object.entries(kept)) if (value !== undefined) query.set(name, value)
          const back = `/id/connect/authorize/callback?${query}`
          return `/interaction/${uid}?${new URLSearchParams(stripsPrompt ? { ReturnUrl: back } : {})}`
        },
      },
      extraTokenClaims: ({ oidc: { entities } }, { accountId }) => {
        const { authTime, sessionUid } = entities.AuthorizationCode ?? entities.RefreshToken ?? {}
        return {
          ...(authTimeInAccessTokens && { auth_time: authTime }),
          sid: sessionUid,
          id: findPerson(accountId)?.id,
        }
      },
      ttl: { ...configuration.ttl, AccessToken: accessTokenTtl, IdToken: 300 },
    }),
    middleware: [
      mountedAt('/id'),
      async (ctx, next) => {
        if (ctx.path === '/connect/authorize' && refuseScope(ctx, scopes)) return
        ctx.url = ctx.url.replace(/^\/connect\/authorize\/callback\?/, '/connect/authorize?')
        await next()
      },
    ],
    steps: ({ prompt, session }) =>
      prompt.name === 'consent' || comesFromOutside(session?.accountId) ? [] : ['password'],
    idToken: (claims, { login }) => {
      const external = comesFromOutside(String(claims.sub))
      return {
        ...claims,
        auth_time: login.authTime,
        idp: external ? 'corp' : 'local',
        amr: [external ? 'external' : 'pwd'],
        sid: login.sessionUid,
      }
    },
    accessToken: ({ scope, ...claims }) => ({
      ...claims,
      ...(typeof scope === 'string' && { scope: scope.split(' ') }),
    }),
  }
}

type Features = NonNullable<Configuration['features']>

const withResource = (
  resources: Features['resourceIndicators'],
  { scope, accessTokenTtl: accessTokenTTL }: { readonly scope: string; readonly accessTokenTtl: number },
): Features =>
  resources
    ? {
        resourceIndicators: {
          ...resources,
          getResourceServerInfo: (...of) => ({
            ...resources.getResourceServerInfo(...of),
            scope,
            accessTokenTTL,
          }),
        },
      }
    : {}

/** By the specification, it would leave out the scopes that it does not know. */
function refuseScope(ctx: Context, known: readonly string[]): boolean {
  const asked = new URLSearchParams(ctx.querystring).get('scope')?.split(' ') ?? []
  if (asked.every(scope => known.includes(scope))) return false
  redirectError(ctx, '/id', { error: 'invalid_scope' })
  return true
}
