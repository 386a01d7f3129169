import { isSecureUrl, parseUrl } from '../server/http/url.ts'
import { knownOptions } from '../server/setup/known-options.ts'
import { type Need, needFor } from '../server/setup/need.ts'
import { type IdTokenFault, mintToken } from './id-token-faults.ts'
import { anotherSigner, ownSigner } from './mint.ts'
import { metadataOf } from './provider-metadata.ts'
import { createTestClock, type TestClock } from './test-clock.ts'
import { createTestOpFetch } from './test-op-fetch.ts'
import { createTestOpPushes, type TestAuthorizationResponse } from './test-op-pushes.ts'

type Claims = Readonly<Record<string, unknown>>

/** Seconds that its tokens live. */
const lifetime = 300

/** One rule that an access token breaks. `IdTokenFault` says what each name means. */
export type TestAccessTokenFault = Exclude<
  IdTokenFault,
  | 'aud_untrusted'
  | 'azp'
  | 'azp_missing'
  | 'nonce'
  | 'nonce_missing'
  | 'at_hash'
  | 'amr'
  | 'amr_missing'
  | 'missing'
>

/** The OP that a guard under test believes. */
export interface TestOp {
  /** The issuer of the OP. Its tokens name it. */
  readonly issuer: string
  /** The client id of the app. ID Tokens are made for it. */
  readonly clientId: string
  /** The clock of the OP, and of every guard that has its `options`. It stands still until it is moved. */
  readonly clock: TestClock
  /**
   * Whether the OP answers. It can be set at any time. A guard may still use the keys that it has fetched: for ten
   * minutes by the clock, and then for its `jwksGrace`. Default: true.
   */
  isUp: boolean
  /** The options that a guard needs to believe this OP, to read its clock, and to use no network. */
  readonly options: {
    /** The OP's issuer. */
    readonly issuer: string
    /** The OP's discovery document, so that the guard does not fetch it. */
    readonly metadata: Claims
    /** Answers the guard's requests to the OP. It fails while the OP is not `isUp`. */
    readonly fetch: typeof fetch
    /** Gives the time of the OP's clock, in epoch seconds. */
    readonly now: () => number
  }
  /**
   * Makes an ID Token with a real signature. It lives for 300 seconds. `sub` is `josh`, who signed in in this second.
   *
   * @param claims further claims, which override the usual ones; a claim that is `undefined` is left out. Default: none
   * @param fault the rule that the token breaks. Default: none
   */
  idToken(claims?: Claims, fault?: Exclude<IdTokenFault, 'missing'> | null): Promise<string>
  /**
   * Makes a JWT access token (RFC 9068) with a real signature. It lives for 300 seconds. `aud` is
   * `https://api.example`.
   *
   * @param claims further claims, which override the usual ones; a claim that is `undefined` is left out. Default: none
   * @param fault the rule that the token breaks. Default: none
   */
  accessToken(claims?: Claims, fault?: TestAccessTokenFault | null): Promise<string>
  /**
   * Makes an access token that is no JWT, for guards with `introspection`. When such a guard asks about it, the OP
   * answers with these claims, and that the token is active until its `exp`. The OP accepts every `clientSecret`.
   *
   * @param claims further claims, which override the usual ones; a claim that is `undefined` is left out. Default: none
   */
  opaqueToken(claims?: Claims): string
  /**
   * Makes a logout token, for `verifyLogoutToken` (OpenID Connect Back-Channel Logout 1.0 §2.4).
   *
   * @param claims further claims, such as `sid`, which override the usual ones; a claim that is `undefined` is left
   * out. Default: none
   */
  logoutToken(claims?: Claims): Promise<string>
  /**
   * Answers a request that a guard with a `stepUpClient` has pushed. The OP accepts every client authentication, and
   * grants the authorization details that were asked for.
   *
   * @param requestUri the `request_uri` of the guard's answer to the Push. It is good for one response
   * @param claims further claims of the ID Token, which override those of `idToken`; a claim that is `undefined` is
   * left out. Default: none
   * @param fault the rule that the ID Token breaks. Default: none
   * @returns what the callback page gets
   */
  authorizationResponse(
    requestUri: string,
    claims?: Claims,
    fault?: Exclude<IdTokenFault, 'missing'> | null,
  ): Promise<TestAuthorizationResponse>
}

/** How a test OP is set up. */
export interface TestOpOptions {
  /** The issuer of the OP: https, or http on localhost. Default: `https://op.example`. */
  readonly issuer?: string
  /** The client id of the app. Default: `app`. */
  readonly clientId?: string
  /** The time at which the OP's clock begins, in whole epoch seconds. Default: now. */
  readonly startsAt?: number
}

/** The name of the API under test. */
export const testAudience = 'https://api.example'

/**
 * Makes an OP that needs no network, for guards under test. Several guards can have the same OP, e.g. a freshness guard
 * and the access token guard that says who calls.
 *
 * @param options how the OP is set up. Default: all defaults
 * @throws {ConfigurationError} a `ConfigurationError`, for an unknown option, and for an option with a wrong value
 */
export function createTestOp(options: TestOpOptions = {}): TestOp {
  const need: Need = needFor('createTestOp')
  knownOptions(need, options, ['issuer', 'clientId', 'startsAt'])
  const { issuer = 'https://op.example', clientId = 'app' } = options
  const { startsAt = Math.floor(Date.now() / 1000) } = options
  need(isSecureUrl(parseUrl(issuer)), 'issuer must be an https URL, or http on localhost')
  need(Number.isSafeInteger(startsAt) && startsAt >= 0, 'startsAt must be whole epoch seconds')
  const clock = createTestClock(startsAt)
  const opaque = new Map<string, Claims>()
  const pushes = createTestOpPushes(issuer)

  /** Issued now, for a login of now. */
  const ofNow = (): Claims => {
    const now = clock.now()
    return { iss: issuer, sub: 'josh', iat: now, exp: now + lifetime, auth_time: now }
  }
  const ofAccess = (): Claims => ({ aud: testAudience, client_id: clientId, jti: crypto.randomUUID() })
  const mint = async (typ: string, claims: Claims, fault: IdTokenFault | null): Promise<string> => {
    const header = { alg: 'ES256', typ, kid: ownSigner.kid }
    const signers = { own: ownSigner, another: anotherSigner }
    return (await mintToken({ header, claims: { ...ofNow(), ...claims } }, fault, clock.now(), signers)) ?? ''
  }
  const op: TestOp = {
    issuer,
    clientId,
    clock,
    isUp: true,
    options: {
      issuer,
      metadata: {
        issuer,
        jwks_uri: metadataOf(issuer).jwks_uri,
        introspection_endpoint: `${issuer}/introspect`,
        pushed_authorization_request_endpoint: `${issuer}/par`,
        token_endpoint: `${issuer}/token`,
      },
      now: clock.now,
      fetch: createTestOpFetch(
        () => op.isUp,
        token => opaque.get(token),
        pushes,
        clock.now,
      ),
    },
    idToken: (claims, fault = null) => mint('JWT', { aud: clientId, ...claims }, fault),
    accessToken: (claims, fault = null) => mint('at+jwt', { ...ofAccess(), ...claims }, fault),
    opaqueToken(claims) {
      const token = crypto.randomUUID()
      opaque.set(token, { ...ofNow(), ...ofAccess(), ...claims })
      return token
    },
    async authorizationResponse(requestUri, claims, fault = null) {
      const idToken = await mint('JWT', { ...pushes.read(requestUri), ...claims }, fault)
      return pushes.respond(requestUri, idToken)
    },
    logoutToken(claims) {
      const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
      const usual = { aud: clientId, auth_time: undefined, jti: crypto.randomUUID(), events }
      return mint('logout+jwt', { ...usual, ...claims }, null)
    },
  }
  return op
}
