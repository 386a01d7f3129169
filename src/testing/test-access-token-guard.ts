import {
  type AccessTokenGuard,
  type AccessTokenGuardOptions,
  createAccessTokenGuard,
} from '../server/access-token/guard.ts'
import { type Need, needFor } from '../server/setup/need.ts'
import { memoryStore } from '../server/stores/memory.ts'
import type { TestClock } from './test-clock.ts'
import { createTestOp, type TestOp, testAudience } from './test-op.ts'

/**
 * How a test guard is set up: like a real one, but every option has a default. It has no `requireDpop`: its tokens are
 * bearer tokens.
 */
export interface TestAccessTokenGuardOptions
  extends Omit<
    AccessTokenGuardOptions,
    'audience' | 'fetch' | 'issuer' | 'jwksUri' | 'metadata' | 'metadataUrl' | 'now' | 'requireDpop' | 'store'
  > {
  /** The OP that the guard believes. Several test guards may have the same one. Default: an OP of its own. */
  readonly op?: TestOp
  /** The name of the API, as tokens have it. Default: `https://api.example`. */
  readonly audience?: string
}

/** A real access token guard with an OP that needs no network. */
export interface TestAccessTokenGuard {
  /** The guard, for the app under test. */
  readonly guard: AccessTokenGuard
  /** The clock of the guard and of the OP. It stands still until it is moved. */
  readonly clock: TestClock
  /** The OP that the guard believes. */
  readonly op: TestOp
  /** The options that the guard was made with. Use them if your app makes its guard by itself. */
  readonly options: AccessTokenGuardOptions
  /** Makes a JWT access token for this guard's audience: see `TestOp`. */
  readonly accessToken: TestOp['accessToken']
  /** Makes an opaque access token for this guard's audience: see `TestOp`. The guard needs `introspection` for it. */
  readonly opaqueToken: TestOp['opaqueToken']
  /**
   * Makes an access token, as the header that carries it.
   *
   * @param token the parameters of `accessToken`: claims and fault
   */
  headersFor(...token: Parameters<TestOp['accessToken']>): Promise<{
    /** `Bearer`, and the access token. */
    readonly Authorization: string
  }>
}

/**
 * Makes a real access token guard for tests of a resource server. Its OP needs no network, and its clock stands still.
 *
 * @param given how the test guard is set up. Default: all defaults
 * @throws {ConfigurationError} a `ConfigurationError`, in the cases of `createAccessTokenGuard`, and with `requireDpop`
 */
export function createTestAccessTokenGuard(given: TestAccessTokenGuardOptions = {}): TestAccessTokenGuard {
  const { op = createTestOp(), audience = testAudience, ...own } = given
  const need: Need = needFor('createTestAccessTokenGuard')
  need(!('requireDpop' in own), 'there is no requireDpop: the tokens of these tests are bearer tokens')
  const store = memoryStore({ now: op.clock.now })
  const options: AccessTokenGuardOptions = { ...own, ...op.options, audience, store }
  const { provider: { audienceClaim = 'aud', iatLag = 0 } = {} } = own
  const ours = (): Readonly<Record<string, unknown>> => ({
    [audienceClaim]: audience,
    iat: op.clock.now() - iatLag,
  })
  const accessToken: TestOp['accessToken'] = (claims, fault) =>
    op.accessToken({ ...ours(), ...claims }, fault)
  return {
    ...{ guard: createAccessTokenGuard(options), clock: op.clock, op, options, accessToken },
    opaqueToken: claims => op.opaqueToken({ ...ours(), ...claims }),
    headersFor: async (...token) => ({ Authorization: `Bearer ${await accessToken(...token)}` }),
  }
}
