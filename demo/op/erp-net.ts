import type { Configuration, Context } from 'oidc-provider'
import { redirectError } from './location.ts'
import type { OpOverrides } from './op.ts'
import type { Person } from './people.ts'

export interface ErpNetOptions {
  /** The login name, which is the `sub` and can change. Default: the username. */
  readonly loginOf?: (person: Person) => string
  /** Inferred: whether the login page's return URL has lost the `prompt`, and can be opened. Default: true. */
  readonly stripsPrompt?: boolean
}

/** ERP.net as documented. */
export function erpNet({ loginOf, stripsPrompt = true }: ErpNetOptions = {}): OpOverrides {
  const scopes = ['openid', 'profile', 'offline_access', 'read', 'update']
  return {
    issuer: origin => `${origin}/id`,
    ...(loginOf && { subjectOf: loginOf }),
    configure: ({ claims: { email: _, ...claims } = {}, ...configuration }) => ({
      ...configuration,
      claims,
      issueRefreshToken: () => true,
      expiresWithSession: () => false,
      clients: configuration.clients.map(client => ({ ...client, scope: scopes.join(' ') })),
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
        ...withScope(configuration.features?.resourceIndicators, 'read update'),
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
      extraTokenClaims: ({ oidc: { entities } }) => {
        const { authTime, sessionUid } = entities.AuthorizationCode ?? entities.RefreshToken ?? {}
        return { auth_time: authTime, sid: sessionUid }
      },
      ttl: { ...configuration.ttl, IdToken: 300 },
    }),
    middleware: [
      async (ctx, next) => {
        if (!ctx.path.startsWith('/id/')) return next()
        ctx.mountPath = '/id'
        if (ctx.path === '/id/connect/authorize' && refuseScope(ctx, scopes)) return
        ctx.url = ctx.url
          .slice('/id'.length)
          .replace(/^\/connect\/authorize\/callback\?/, '/connect/authorize?')
        await next()
      },
    ],
    idToken: (claims, { login }) => ({
      ...claims,
      auth_time: login.authTime,
      idp: 'local',
      amr: ['pwd'],
      sid: login.sessionUid,
    }),
  }
}

type Features = NonNullable<Configuration['features']>

const withScope = (resources: Features['resourceIndicators'], scope: string): Features =>
  resources
    ? {
        resourceIndicators: {
          ...resources,
          getResourceServerInfo: () => ({ ...resources.getResourceServerInfo(), scope }),
        },
      }
    : {}

/** The specification would have it leave out what it does not know. */
function refuseScope(ctx: Context, known: readonly string[]): boolean {
  const asked = new URLSearchParams(ctx.querystring).get('scope')?.split(' ') ?? []
  if (asked.every(scope => known.includes(scope))) return false
  redirectError(ctx, `${ctx.origin}/id`, { error: 'invalid_scope' })
  return true
}
