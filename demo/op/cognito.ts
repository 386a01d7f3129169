import { randomUUID } from 'node:crypto'
import type { Context } from 'oidc-provider'
import { only, publishing } from './discovery.ts'
import { changeResponse } from './location.ts'
import type { OpOverrides } from './op.ts'
import { showError, showSignOut } from './pages.ts'
import { findPerson } from './people.ts'
import { oneForAll } from './resources.ts'

/** What may differ from one Cognito user pool or app client to another. */
export interface CognitoOptions {
  /** Documented: whether the app client has refresh token rotation enabled. Default: false. */
  readonly rotates?: boolean
  /** How many seconds an access token and an ID Token live. Default: 3600, as documented. */
  readonly accessTokenTtl?: number
}

/** The user pool's id, which is the path of its issuer. */
const pool = '/eu-west-1_Pennyworth'

/**
 * Emulates an Amazon Cognito user pool with managed login, as documented. Documented: an issuer at another address than
 * the endpoints; `prompt` with `none` and `login`, and no effect of `select_account` and `consent` on the pool's own
 * people; access tokens with `client_id` and `token_use`, and with `aud` only where a `resource` was asked for; ID
 * Tokens with `token_use`, `cognito:username` and `auth_time`; new ID and access tokens for a refresh token, which stays
 * as it is; `/logout` with `client_id` and `logout_uri`; answers without `iss`. Not documented, and so not there:
 * `max_age`, `acr_values`, `claims`, and `state` after a sign-out. Invented: the pool's id, and that one host has both
 * addresses, under different paths.
 */
export function cognito({ rotates = false, accessTokenTtl = 3600 }: CognitoOptions = {}): OpOverrides {
  const resources = new Map<unknown, string>()
  return {
    issuer: origin => `${origin}${pool}`,
    subjectOf: ({ id }) => id,
    configure: configuration => ({
      ...configuration,
      scopes: ['openid', 'email', 'phone', 'profile'],
      clients: configuration.clients.map(client => ({ ...client, scope: 'openid email phone profile' })),
      issueRefreshToken: () => true,
      rotateRefreshToken: rotates,
      expiresWithSession: () => false,
      routes: {
        authorization: '/oauth2/authorize',
        token: '/oauth2/token',
        revocation: '/oauth2/revoke',
        userinfo: '/oauth2/userInfo',
        end_session: '/logout',
        jwks: `${pool}/.well-known/jwks.json`,
      },
      features: {
        ...configuration.features,
        claimsParameter: { enabled: false },
        resourceIndicators: oneForAll(accessTokenTtl),
        rpInitiatedLogout: {
          enabled: true,
          postLogoutSuccessSource: () => {},
          ...configuration.features?.rpInitiatedLogout,
          // The person has clicked already: it asks nothing.
          logoutSource: (ctx, form) => showSignOut(ctx, form, true),
        },
      },
      ttl: { ...configuration.ttl, AccessToken: accessTokenTtl, IdToken: accessTokenTtl, Session: 3600 },
    }),
    middleware: [
      async (ctx, next) => {
        if (ctx.path === `${pool}/.well-known/openid-configuration`) ctx.url = ctx.url.slice(pool.length)
        await next()
        changeResponse(ctx, 'http://localhost', response => response.delete('iss'))
      },
      publishing(document => only(document, listed)),
      async (ctx, next) => {
        if (ctx.path === '/oauth2/authorize') understandRequest(ctx, resources)
        if (ctx.path === '/logout' && !understandSignOut(ctx)) return
        await next()
        if (ctx.path !== '/oauth2/token' || ctx.oidc.params.grant_type !== 'refresh_token' || rotates) return
        ctx.body = { ...Object(ctx.body), refresh_token: undefined }
      },
    ],
    idToken: ({ acr: _, amr: __, ...claims }, { login }) => ({
      ...claims,
      ...always(login.authTime),
      token_use: 'id',
      'cognito:username': claims.sub,
    }),
    accessToken: ({ aud: _, ...claims }, { login }) => {
      const resource = resources.get(login.nonce)
      return {
        ...claims,
        ...always(login.authTime),
        ...(resource !== undefined && { aud: resource }),
        token_use: 'access',
        version: 2,
        username: findPerson(String(claims.sub))?.username,
        scope: 'openid profile email',
      }
    },
    accessTokenType: null,
  }
}

const always = (authTime: number | undefined): Record<string, unknown> => ({
  auth_time: authTime,
  jti: randomUUID(),
})

const listed = [
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'end_session_endpoint',
  'jwks_uri',
  'revocation_endpoint',
  'response_types_supported',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
  'scopes_supported',
]

function understandRequest(ctx: Context, resources: Map<unknown, string>): void {
  const params = new URLSearchParams(ctx.querystring)
  const prompt =
    params
      .get('prompt')
      ?.split(' ')
      .filter(value => value === 'none' || value === 'login') ?? []
  if (prompt.length > 0) params.set('prompt', prompt.join(' '))
  else params.delete('prompt')
  const resource = params.get('resource')
  if (resource !== null) resources.set(params.get('nonce'), resource)
  for (const name of ['resource', 'max_age', 'acr_values']) params.delete(name)
  ctx.querystring = params.toString()
}

/** Reads the parameters of Cognito's sign-out page. False when the request has been refused. */
function understandSignOut(ctx: Context): boolean {
  const params = new URLSearchParams(ctx.querystring)
  const [client_id, post_logout_redirect_uri] = [params.get('client_id'), params.get('logout_uri')]
  if (client_id === null || post_logout_redirect_uri === null) {
    showError(ctx, { error: 'Required parameters missing' })
    ctx.status = 400
    return false
  }
  ctx.querystring = new URLSearchParams({ client_id, post_logout_redirect_uri }).toString()
  return true
}
