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

/** One rule that an access token breaks: see `IdTokenFault`. */
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
  /** The OP's issuer, which its tokens name. */
  readonly issuer: string
  /** The app's client, which its ID Tokens are for. */
  readonly clientId: string
  /** The clock of the OP and of every guard that has its `options`. It stands still until it is moved. */
  readonly clock: TestClock
  /**
   * Whether it answers. The keys that a guard has fetched are good for ten minutes of the clock, and for the guard's
   * `jwksGrace` after that. Default: true.
   */
  isUp: boolean
  /** What any guard has to be told, so that it believes this OP, reads its clock, and uses no network. */
  readonly options: {
    /** The OP's issuer. */
    readonly issuer: string
    /** The OP's discovery document, so that none is fetched. */
    readonly metadata: Claims
    /** Answers the guard's requests to the OP; it fails while the OP is not `isUp`. */
    readonly fetch: typeof fetch
    /** The OP's clock, in epoch seconds. */
    readonly now: () => number
  }
  /**
   * An ID Token, signed for real.
   *
   * @param claims besides or instead of the usual ones (`sub` is `josh`, who signed in in this second); `undefined` removes
   * @param fault the rule that it breaks. Default: none
   */
  idToken(claims?: Claims, fault?: Exclude<IdTokenFault, 'missing'> | null): Promise<string>
  /**
   * A JWT access token (RFC 9068), signed for real.
   *
   * @param claims besides or instead of the usual ones; `aud` is `https://api.example`
   * @param fault the rule that it breaks. Default: none
   */
  accessToken(claims?: Claims, fault?: TestAccessTokenFault | null): Promise<string>
  /**
   * An access token that is no JWT, for guards with `introspection`: to their questions the OP answers with these claims,
   * and that it is active until its `exp`. It takes every `clientSecret`.
   *
   * @param claims as those of a JWT
   */
  opaqueToken(claims?: Claims): string
  /**
   * A logout token, for `verifyLogoutToken` (OpenID Connect Back-Channel Logout 1.0 §2.4).
   *
   * @param claims besides or instead of the usual ones, such as `sid`; `undefined` removes
   */
  logoutToken(claims?: Claims): Promise<string>
  /**
   * How the OP answers a request that a guard with a `stepUpClient` has pushed: what the callback page gets. The OP takes
   * every client authentication, and grants the authorization details that were asked for.
   *
   * @param requestUri of the guard's answer to the Push; good for one response
   * @param claims of the ID Token, besides or instead of those of `idToken`; `undefined` removes
   * @param fault the rule that the ID Token breaks. Default: none
   */
  authorizationResponse(
    requestUri: string,
    claims?: Claims,
    fault?: Exclude<IdTokenFault, 'missing'> | null,
  ): Promise<TestAuthorizationResponse>
}

/** How a test OP is set up. */
export interface TestOpOptions {
  /** Default: `https://op.example`. */
  readonly issuer?: string
  /** Default: `app`. */
  readonly clientId?: string
  /** When its clock begins, in whole epoch seconds. Default: now. */
  readonly startsAt?: number
}

/** The name of the API under test. */
export const testAudience = 'https://api.example'

/**
 * An OP without a network, for guards under test. Several guards can have the same one: a freshness guard and the access
 * token guard that says who calls.
 *
 * @throws {ConfigurationError} for options that make no sense
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
