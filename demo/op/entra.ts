import { createHash } from 'node:crypto'
import { only, publishing } from './discovery.ts'
import { entraResources } from './entra-apis.ts'
import { entraPolicy, readRequest, strongContext } from './entra-requests.ts'
import { now, readFactors, writeFactors } from './factors.ts'
import { changeResponse } from './location.ts'
import { mountedAt } from './mount.ts'
import type { OpOverrides } from './op.ts'
import { findPerson } from './people.ts'
import type { Claims } from './rewrite-tokens.ts'

/** What may differ from one Microsoft Entra tenant or registration to another. */
export interface EntraOptions {
  /** Documented: `auth_time` is an optional claim of a registration, here of the app's and of its APIs'. Default: true. */
  readonly authTime?: boolean
  /** Observed: how many seconds `iat` and `nbf` are dated back. Default: 300. */
  readonly backdated?: number
  /** How many seconds an access token lives. Default: 3600. */
  readonly accessTokenTtl?: number
  /** Whether an administrator has revoked the refresh tokens. Default: no. */
  readonly revoked?: () => boolean
}

/** The tenant of the demo's people. */
export const tenant = 'aaaabbbb-0000-4ccc-8111-dddd2222eeee'

/**
 * Emulates Microsoft Entra ID as documented. Documented: paths with the tenant in them, and the discovery document of
 * `common`, whose issuer is a template; `prompt` with `login`, `none`, `consent` and `select_account`, which a
 * `login_hint` excludes; another `sub` in each registration, `oid` and `tid` in all; access tokens for one API, which
 * the scopes name, with `scp` as text, `ver`, `azp` and the API's client id as `aud`; refresh tokens that are good for
 * all APIs; authentication contexts, which `claims` ask for and `acrs` lists. Observed, since its documentation does not
 * say it: `iat` and `nbf` lie 300 seconds back; answers have no `iss`. Not documented, and so not there: `max_age`,
 * `acr_values`, revocation. Invented: that a second factor does not move `auth_time`, and the error for a `login_hint`
 * with `select_account`.
 */
export function entra({
  authTime = true,
  backdated = 300,
  accessTokenTtl = 3600,
  revoked = () => false,
}: EntraOptions = {}): OpOverrides {
  const offline = new Set<unknown>()
  /** What ID Tokens and access tokens have: times that lie back, and the names of a person. */
  const base = (claims: Claims, registration: unknown, time: number | undefined): Claims => {
    const { sub, iat, at_hash: _, ...rest } = claims
    const past = Number(iat) - backdated
    return {
      ...rest,
      iat: past,
      nbf: past,
      sub: pairwise(registration, sub),
      oid: findPerson(String(sub))?.id,
      tid: tenant,
      ver: '2.0',
      ...(authTime ? { auth_time: time } : { auth_time: undefined }),
    }
  }
  return {
    issuer: origin => `${origin}/${tenant}/v2.0`,
    subjectOf: ({ id }) => id,
    configure: configuration => ({
      ...configuration,
      extraParams: ['domain_hint', 'acrs'],
      claims: { ...configuration.claims, profile: ['name', 'preferred_username'], email: ['email'] },
      issueRefreshToken: ({ oidc: { entities } }) => {
        const { AuthorizationCode: code } = entities
        if (code === undefined || !offline.has(code.nonce)) return false
        // The library drops this scope without a consent, and would refuse a refresh that names it.
        code.scope = `${code.scope} offline_access`
        return true
      },
      // Documented: one that has been used is not revoked.
      rotateRefreshToken: false,
      expiresWithSession: () => false,
      extraTokenClaims: () => ({}),
      features: {
        ...configuration.features,
        claimsParameter: { enabled: false },
        revocation: { enabled: false },
        resourceIndicators: entraResources(accessTokenTtl),
      },
      interactions: { ...configuration.interactions, policy: entraPolicy() },
      ttl: { ...configuration.ttl, AccessToken: accessTokenTtl },
      routes: {
        authorization: '/oauth2/v2.0/authorize',
        token: '/oauth2/v2.0/token',
        end_session: '/oauth2/v2.0/logout',
        jwks: '/discovery/v2.0/keys',
      },
    }),
    middleware: [
      mountedAt(`/${tenant}`),
      mountedAt('/common'),
      async (ctx, next) => {
        ctx.url = ctx.url.replace(/^\/v2\.0\/\.well-known\//, '/.well-known/')
        await next()
        changeResponse(ctx, 'http://localhost', response => response.delete('iss'))
      },
      async (ctx, next) => {
        const isCommon = ctx.mountPath === '/common'
        await next()
        if (ctx.path === '/.well-known/openid-configuration' && isCommon)
          ctx.body = { ...Object(ctx.body), issuer: `${new URL(ctx.href).origin}/{tenantid}/v2.0` }
      },
      publishing(document => only(document, listed)),
      async (ctx, next) => {
        if (ctx.path === '/oauth2/v2.0/authorize' && !readRequest(ctx, offline)) return
        await next()
        const isRefresh = ctx.path === '/oauth2/v2.0/token' && ctx.oidc.params.grant_type === 'refresh_token'
        if (!isRefresh || !revoked()) return
        ctx.status = 400
        ctx.body = { error: 'invalid_grant', error_description: 'AADSTS50173: The grant has been revoked' }
      },
    ],
    steps: ({ prompt, session }) => {
      if (prompt.name === 'consent') return []
      if (prompt.name === 'select_account') return session?.accountId === undefined ? [] : ['account']
      const isStepUp = prompt.reasons.includes('acrs')
      const password = session?.accountId === undefined || prompt.reasons.some(reason => reason !== 'acrs')
      return [...(password ? (['password'] as const) : []), ...(isStepUp ? (['code'] as const) : [])]
    },
    login: (_, { session }, steps) => {
      const times = new Map(steps.includes('password') ? [] : readFactors(session?.amr))
      if (steps.includes('password')) times.set('pwd', now())
      if (steps.includes('code')) times.set('mfa', now())
      return { amr: writeFactors(times), ts: times.get('pwd') ?? now() }
    },
    idToken: (claims, { login }) => {
      const { acr: _, amr: __, ...rest } = base(claims, claims.aud, login.authTime)
      return { ...rest, ...contexts(login.amr) }
    },
    accessToken: (claims, { login }) => {
      const { client_id: azp, scope, amr: _, ...rest } = base(claims, claims.aud, login.authTime)
      return { ...rest, azp, azpacr: '0', scp: shortNames(scope), ...contexts(login.amr) }
    },
    accessTokenType: 'JWT',
  }
}

/** The authentication contexts that the session satisfies. */
const contexts = (amr: readonly string[] | undefined): Claims =>
  readFactors(amr).has('mfa') ? { acrs: [strongContext] } : {}

const pairwise = (registration: unknown, sub: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([registration, sub]))
    .digest('base64url')

/** A token names its scopes without the API: `api://pennyworth/payments` is `payments`. */
const shortNames = (scope: unknown): string =>
  String(scope ?? '')
    .split(' ')
    .map(name => name.split('/').at(-1))
    .join(' ')

const listed = [
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'end_session_endpoint',
  'jwks_uri',
  'response_modes_supported',
  'response_types_supported',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
  'request_uri_parameter_supported',
  'scopes_supported',
  'claims_supported',
]
