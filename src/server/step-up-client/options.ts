import type { CryptoKey, JWK } from 'jose'
import { isRecord } from '../../core/claims.ts'
import { isSecureUrl, parseUrl } from '../http/url.ts'
import { knownOptions } from '../setup/known-options.ts'
import { isText, isWord, type Need, needFor } from '../setup/need.ts'
import { algorithmOf } from './signing-key.ts'

/**
 * How the guard authenticates to the OP. A client without authentication is refused, because anybody can push a request
 * in its name.
 */
export type StepUpClientAuthentication = PrivateKeyJwt | ClientSecretBasic

/**
 * Client authentication by a JWT that the guard signs with a private key. No secret leaves the backend.
 *
 * @see RFC 7523 §2.2, §3; OpenID Connect Core 1.0 §9
 */
export interface PrivateKeyJwt {
  /** Selects this kind of authentication. The guard signs a new JWT for each request. */
  readonly method: 'private_key_jwt'
  /** The private key (RSA, EC or Ed25519). Its public key must be registered at the OP. */
  readonly key: CryptoKey | JWK
  /**
   * The algorithm that the key signs with, e.g. `PS256`. Default: the `alg` of the key if it has one, else what belongs
   * to it: `ES256`, `ES384` or `ES512`, `EdDSA`, or `RS256`.
   */
  readonly alg?: string | undefined
  /** The name by which the OP knows the key. Default: the `kid` of a JWK, else none. */
  readonly kid?: string | undefined
}

/**
 * Client authentication by a secret.
 *
 * @see RFC 6749 §2.3.1
 */
export interface ClientSecretBasic {
  /** Selects this kind of authentication. The guard sends the secret in the header `Authorization` of each request. */
  readonly method: 'client_secret_basic'
  /** The client's secret at the OP. No error message quotes it. */
  readonly secret: string
}

/**
 * A client of the guard's own at the OP. The guard pushes the authorization requests of step-ups by it, so that they do
 * not go through the browser (RFC 9126). Register it at the OP with the callback page of the app, the grant type
 * `authorization_code`, and `require_pushed_authorization_requests`.
 *
 * An OP with pairwise subjects gives this client another `sub` for a person than the app's client. Then give both
 * clients one `sector_identifier_uri` at the OP, or give the guard `subjectOf`.
 */
export interface StepUpClientOptions {
  /** The client id of this client at the OP. It is not the client id of the app. */
  readonly clientId: string
  /** The URL of the app's callback page, as it is registered at the OP for this client: https, or http on localhost. */
  readonly redirectUri: string
  /**
   * Whether a login counts only if its request was pushed. Default: `required`.
   *
   * - `required`: only pushed requests count. An OP without an endpoint for them is a failure.
   * - `preferred`: the guard pushes if the OP has an endpoint for it. A login by a request of the browser counts too,
   *   so this protects nobody from a script in the page.
   */
  readonly pushed?: 'required' | 'preferred' | undefined
  /** How the guard authenticates to the OP, at the endpoints for pushed requests and for tokens. */
  readonly authentication: StepUpClientAuthentication
}

/** The options with every default filled in. */
export interface StepUpClientSetup extends StepUpClientOptions {
  readonly pushed: 'required' | 'preferred'
}

const authenticationNames = {
  private_key_jwt: ['method', 'key', 'alg', 'kid'],
  client_secret_basic: ['method', 'secret'],
} as const

/** Checks the options and fills in the defaults. No error quotes a key or a secret. @throws {ConfigurationError} */
export function readStepUpClient(options: StepUpClientOptions): StepUpClientSetup {
  const need: Need = needFor('createFreshnessGuard: stepUpClient')
  knownOptions(need, options, ['clientId', 'redirectUri', 'pushed', 'authentication'])
  const { clientId, redirectUri, pushed = 'required', authentication } = options
  need(isText(clientId), 'clientId is missing')
  const callback = parseUrl(redirectUri)
  need(
    isSecureUrl(callback) && callback?.hash === '',
    'redirectUri must be the https URL of the callback page (http on localhost), without a fragment',
  )
  need(['required', 'preferred'].includes(pushed), 'pushed must be "required" or "preferred"')
  checkAuthentication(authentication)
  // Copied, so that an object that the caller changes later changes nothing.
  return { clientId, redirectUri, pushed, authentication: { ...authentication } }
}

function checkAuthentication(authentication: StepUpClientAuthentication | undefined): void {
  const need: Need = needFor('createFreshnessGuard: stepUpClient.authentication')
  const method = isRecord(authentication) ? authentication.method : undefined
  need(
    isRecord(authentication) && isText(method) && Object.hasOwn(authenticationNames, method),
    'method must be "private_key_jwt" or "client_secret_basic". A pushed request without client authentication proves nothing, since anybody can push one (RFC 9126 §7)',
  )
  const given = authentication as StepUpClientAuthentication
  knownOptions(need, given, authenticationNames[given.method])
  if (given.method === 'client_secret_basic') {
    need(isText(given.secret), 'secret is missing')
    return
  }
  need(given.kid === undefined || isText(given.kid), 'kid must be text')
  need(given.alg === undefined || isWord(given.alg), 'alg must be text')
  need(
    algorithmOf(given.key, given.alg) !== null,
    'key must be a private key that signs: a CryptoKey or a JWK, of RSA, EC (P-256, P-384, P-521) or Ed25519; and alg one of its algorithms',
  )
}
