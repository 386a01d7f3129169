import { only, publishing } from './discovery.ts'
import { keycloakPolicy, levels, unknownEssential, wanted } from './keycloak-levels.ts'
import { changeResponse } from './location.ts'
import { mountedAt } from './mount.ts'
import type { OpOverrides } from './op.ts'
import { showError } from './pages.ts'

/** What may differ from one Keycloak realm, client or release to another. */
export interface KeycloakOptions {
  /** Documented: before release 25, access tokens carry the request's `nonce`. Default: false. */
  readonly nonceInAccessTokens?: boolean
  /** The clients that an audience mapper adds to ID Tokens. Default: `account`. */
  readonly addedAudiences?: readonly string[]
  /** How many seconds an access token and an ID Token live. Default: 300, as documented. */
  readonly accessTokenTtl?: number
}

const realm = '/realms/demo'

/**
 * Emulates Keycloak as documented, and where the documentation is silent, as its source is written. Documented: the
 * realm's paths; that only the person of the session can sign in again; that the client's own mapping of `acr` values
 * is not in discovery, which lists the levels that the realm's login has; that an essential `acr` that does not exist
 * ends on an error page; that access tokens are no `at+jwt` but have `typ: Bearer` in their payload. Read in its source:
 * that a second factor alone moves `auth_time`, which is always told; that a refresh gives an ID Token with the same
 * `auth_time`; that the sign-out page asks unless the app named its session. Invented: the realm's name, the second
 * factor, and an audience mapper that adds `account` to ID Tokens and the API to access tokens.
 */
export function keycloak({
  nonceInAccessTokens = false,
  addedAudiences = ['account'],
  accessTokenTtl = 300,
}: KeycloakOptions = {}): OpOverrides {
  return {
    issuer: origin => `${origin}${realm}`,
    subjectOf: ({ id }) => id,
    pinsPerson: true,
    configure: configuration => ({
      ...configuration,
      acrValues: Object.keys(levels),
      issueRefreshToken: () => true,
      rotateRefreshToken: false,
      interactions: { ...configuration.interactions, policy: keycloakPolicy() },
      routes: {
        authorization: '/protocol/openid-connect/auth',
        token: '/protocol/openid-connect/token',
        userinfo: '/protocol/openid-connect/userinfo',
        jwks: '/protocol/openid-connect/certs',
        revocation: '/protocol/openid-connect/revoke',
        end_session: '/protocol/openid-connect/logout',
      },
      ttl: { ...configuration.ttl, AccessToken: accessTokenTtl, IdToken: accessTokenTtl },
    }),
    middleware: [
      mountedAt(realm),
      publishing(document => ({
        ...only(document, listed),
        acr_values_supported: ['1', '2'],
        prompt_values_supported: ['none', 'login', 'consent', 'create'],
      })),
      async (ctx, next) => {
        const claims = new URLSearchParams(ctx.querystring).get('claims')
        if (ctx.path === '/protocol/openid-connect/auth' && claims !== null && unknownEssential({ claims })) {
          showError(ctx, { error: 'invalid_request', error_description: 'Invalid parameter: claims' })
          ctx.status = 400
          return
        }
        await next()
        changeResponse(ctx, 'http://localhost', response => {
          if (response.has('code')) response.set('session_state', crypto.randomUUID())
        })
      },
    ],
    steps: ({ prompt, params, session }) => {
      if (prompt.name === 'consent') return []
      if (prompt.name === 'create') return ['person']
      const isLevelOnly = prompt.reasons.every(reason => reason === 'level')
      if (session?.accountId !== undefined && isLevelOnly) return ['code']
      return levels[wanted(params) ?? ''] ?? ['password']
    },
    login: (_, __, steps) => ({ acr: steps.includes('code') ? 'gold' : 'silver' }),
    idToken: (claims, { login }) => ({
      ...claims,
      aud: addedAudiences.length > 0 ? [claims.aud, ...addedAudiences] : claims.aud,
      azp: claims.aud,
      typ: 'ID',
      auth_time: login.authTime,
      acr: login.acr,
      sid: login.sessionUid,
    }),
    accessToken: ({ client_id: azp, ...claims }, { login, request }) => ({
      ...claims,
      aud: [claims.aud, 'account'],
      azp,
      typ: 'Bearer',
      auth_time: login.authTime,
      acr: login.acr,
      sid: login.sessionUid,
      scope: 'openid email profile',
      ...(nonceInAccessTokens && { nonce: request?.get('nonce') ?? login.nonce }),
    }),
    accessTokenType: 'JWT',
  }
}

const listed = [
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'end_session_endpoint',
  'jwks_uri',
  'revocation_endpoint',
  'response_types_supported',
  'response_modes_supported',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
  'token_endpoint_auth_methods_supported',
  'claims_supported',
  'claims_parameter_supported',
  'scopes_supported',
  'code_challenge_methods_supported',
  'authorization_response_iss_parameter_supported',
]
