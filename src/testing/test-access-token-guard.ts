import {
  type AccessTokenGuard,
  type AccessTokenGuardOptions,
  createAccessTokenGuard,
} from '../server/access-token/guard.ts'
import { type Need, needFor } from '../server/setup/need.ts'
import { memoryStore } from '../server/stores/memory.ts'
import type { TestClock } from './test-clock.ts'
import { createTestOp, type TestOp, testAudience } from './test-op.ts'

/** How a test guard is set up: as the real one, and all of it has a default. There is no DPoP. */
export interface TestAccessTokenGuardOptions
  extends Omit<
    AccessTokenGuardOptions,
    'audience' | 'fetch' | 'issuer' | 'jwksUri' | 'metadata' | 'metadataUrl' | 'now' | 'requireDpop' | 'store'
  > {
  /** The OP, which another test guard may have too. Default: one of its own. */
  readonly op?: TestOp
  /** Default: `https://api.example`. */
  readonly audience?: string
}

/** A real access token guard on an OP without a network. */
export interface TestAccessTokenGuard {
  /** For the app under test. */
  readonly guard: AccessTokenGuard
  /** The clock of guard and OP. It stands still until it is moved. */
  readonly clock: TestClock
  /** The OP that the guard believes. */
  readonly op: TestOp
  /** What the guard was made with, for an app that makes its guard by itself. */
  readonly options: AccessTokenGuardOptions
  /** As in `TestOp`, for this guard's audience. */
  readonly accessToken: TestOp['accessToken']
  /** As in `TestOp`, for this guard's audience; it needs `introspection`. */
  readonly opaqueToken: TestOp['opaqueToken']
  /** The `Authorization` header with such a token. */
  headersFor(...token: Parameters<TestOp['accessToken']>): Promise<{
    /** `Bearer`, and the access token. */
    readonly Authorization: string
  }>
}

/**
 * The real access token guard for tests of a resource server: its OP is there without a network, and its clock stands
 * still.
 *
 * @throws {ConfigurationError} as `createAccessTokenGuard`, and with `requireDpop`
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
