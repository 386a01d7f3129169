import { isSecureUrl, parseUrl } from '../server/http/url.ts'
import { knownOptions } from '../server/setup/known-options.ts'
import { type Need, needFor } from '../server/setup/need.ts'
import { type IdTokenFault, mintToken } from './id-token-faults.ts'
import { anotherSigner, ownSigner } from './mint.ts'
import { metadataOf } from './provider-metadata.ts'

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

/** A clock that stands still until it is moved. */
export interface TestClock {
  /** Epoch seconds. */
  readonly now: () => number
  /** Moves it on. @param seconds 0 or more */
  advance(seconds: number): void
}

/** The OP that a guard under test believes. */
export interface TestOp {
  readonly issuer: string
  readonly clientId: string
  readonly clock: TestClock
  /** Whether the guards can fetch its keys. What they have fetched is good for ten minutes of the clock. Default: true. */
  isUp: boolean
  /** What any guard has to be told, so that it believes this OP, reads its clock, and uses no network. */
  readonly options: {
    readonly issuer: string
    readonly metadata: Claims
    readonly fetch: typeof fetch
    readonly now: () => number
  }
  /**
   * An ID Token, signed for real.
   *
   * @param claims besides or instead of the usual ones (`sub` is `josh`, who signed in in this second); `undefined` removes
   * @param fault the rule that it breaks. Default: none
   */
  idToken(claims?: Claims, fault?: Exclude<IdTokenFault, 'missing'>): Promise<string>
  /**
   * A JWT access token (RFC 9068), signed for real.
   *
   * @param claims besides or instead of the usual ones; `aud` is `https://api.example`
   * @param fault the rule that it breaks. Default: none
   */
  accessToken(claims?: Claims, fault?: TestAccessTokenFault): Promise<string>
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
  const clock = createClock(startsAt)
  const { jwks_uri } = metadataOf(issuer)
  const signers = { own: ownSigner, another: anotherSigner }

  const mint = async (typ: string, claims: Claims, fault: IdTokenFault | undefined): Promise<string> => {
    const now = clock.now()
    const usual = { iss: issuer, sub: 'josh', iat: now, exp: now + lifetime, auth_time: now }
    const jwt = { header: { alg: 'ES256', typ, kid: ownSigner.kid }, claims: { ...usual, ...claims } }
    return (await mintToken(jwt, fault ?? null, now, signers)) ?? ''
  }

  const op: TestOp = {
    issuer,
    clientId,
    clock,
    isUp: true,
    options: {
      issuer,
      metadata: { issuer, jwks_uri },
      now: clock.now,
      async fetch(input) {
        const url = input instanceof Request ? input.url : String(input)
        if (!op.isUp || url !== new URL(jwks_uri).href) throw new TypeError('fetch failed')
        return new Response(JSON.stringify({ keys: [await ownSigner.publicJwk()] }))
      },
    },
    idToken: (claims, fault) => mint('JWT', { aud: clientId, ...claims }, fault),
    accessToken: (claims, fault) =>
      mint('at+jwt', { aud: testAudience, client_id: clientId, jti: crypto.randomUUID(), ...claims }, fault),
  }
  return op
}

function createClock(startsAt: number): TestClock {
  let time = startsAt
  return {
    now: () => time,
    advance(seconds) {
      const need: Need = needFor('clock.advance')
      need(seconds >= 0, 'the clock only goes forward: say how many seconds, 0 or more')
      time += seconds
    },
  }
}
