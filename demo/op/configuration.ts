import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Configuration } from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import type { DemoApi } from '../apis.ts'
import { loadExistingGrant } from './grant.ts'
import { showError, showLoggedOut, showLogout } from './pages.ts'
import { paymentApprovals } from './payment-approvals.ts'
import { claimsOf, findPerson } from './people.ts'
import { resources } from './resources.ts'
import { type RegisteredStepUpClient, stepUpClientMetadata } from './step-up-client.ts'

/** What the OP's configuration depends on. */
export interface ConfigurationOptions {
  /** The app's origin, as in `http://localhost:5173`, with its path if it is under one. */
  readonly app: string
  /** What access tokens can be for. Requests that name none get one for the first. */
  readonly apis: readonly [DemoApi, ...DemoApi[]]
  readonly clientId: string
  readonly key: JWK
  /** How long an access token lives, in seconds. */
  readonly accessTokenTtl: number
  /** `on-demand`: ID tokens carry `auth_time` only when the request asks for it, which is oidc-provider's own way. */
  readonly authTime: 'always' | 'on-demand'
  /** Whether tokens must be bound to a key (RFC 9449), with proofs that contain a nonce of this OP. */
  readonly dpop: boolean
  /** Where to say that a session of the app has ended (OpenID Connect Back-Channel Logout 1.0). Default: nowhere. */
  readonly logoutUri?: string | undefined
  /** The app's backend as a client of its own. With it the OP takes payments to approve (RFC 9396). Default: none. */
  readonly stepUpClient?: RegisteredStepUpClient | undefined
}

/** Makes a key that signs. */
export async function createKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') }
}

/** The demo's OP as plain data, so that an emulation of another OP can start from it. */
export function opConfiguration(options: ConfigurationOptions): Configuration {
  const callback = `${options.app}/auth/callback.html`
  const apiScopes = options.apis.flatMap(({ scope = [] }) => scope)
  return {
    adapter: createMemoryAdapter(),
    clients: [
      {
        client_id: options.clientId,
        client_name: 'Pennyworth Payments',
        token_endpoint_auth_method: 'none',
        redirect_uris: [callback],
        post_logout_redirect_uris: [callback],
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: ['openid profile email offline_access', ...apiScopes].join(' '),
        require_auth_time: options.authTime === 'always',
        dpop_bound_access_tokens: options.dpop,
        // A browser's request can be changed on its way, so the OP would show what a script has put in.
        ...(options.stepUpClient && { authorization_details_types: [] }),
        ...(options.logoutUri !== undefined && {
          backchannel_logout_uri: options.logoutUri,
          backchannel_logout_session_required: true,
        }),
      },
      ...(options.stepUpClient ? [stepUpClientMetadata(options.stepUpClient, callback)] : []),
    ],
    claims: {
      acr: null,
      amr: null,
      auth_time: null,
      iss: null,
      sid: null,
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username'],
      email: ['email', 'email_verified'],
    },
    scopes: ['openid', 'offline_access', ...apiScopes.flatMap(scope => scope.split(' '))],
    clientBasedCORS: (_, origin) => origin === new URL(options.app).origin,
    conformIdTokenClaims: false,
    cookies: {
      // Cookies ignore ports, so these have names that no other program on localhost uses.
      names: { session: 'op_session', interaction: 'op_interaction', resume: 'op_resume' },
      keys: [randomBytes(32).toString('base64url')],
    },
    // RFC 9068 §2.2.1: so that an API can tell how old the login behind a token is (RFC 9470). `sid`: so that it can
    // tell which tokens a logout is about.
    extraTokenClaims: ({ oidc: { entities } }) => {
      const { authTime, sid } = entities.AuthorizationCode ?? entities.RefreshToken ?? {}
      return {
        ...(authTime !== undefined && { auth_time: authTime }),
        ...(options.logoutUri !== undefined && sid !== undefined && { sid }),
      }
    },
    // The library's own connections refuse the address of this machine, where the demo's API is.
    fetch: (url: string, init: RequestInit) => fetch(url, Object.assign(init, { dispatcher: undefined })),
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: options.logoutUri !== undefined },
      claimsParameter: { enabled: true },
      dPoP: { enabled: options.dpop, nonceSecret: randomBytes(32), requireNonce: () => true },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => client.clientId === token.clientId },
      ...(options.stepUpClient && { richAuthorizationRequests: paymentApprovals }),
      resourceIndicators: resources(options.apis, options.accessTokenTtl),
      rpInitiatedLogout: { enabled: true, logoutSource: showLogout, postLogoutSuccessSource: showLoggedOut },
    },
    findAccount: (_, sub) => {
      const person = findPerson(sub)
      return person && { accountId: sub, claims: () => ({ ...claimsOf(person), sub }) }
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    jwks: { keys: [options.key] },
    loadExistingGrant,
    renderError: showError,
    ttl: {
      AccessToken: options.accessTokenTtl,
      AuthorizationCode: 60,
      Grant: 14 * 86_400,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 14 * 86_400,
    },
  }
}
