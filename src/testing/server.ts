export { ConfigurationError } from '../core/errors.ts'
export type { IdTokenFault } from './id-token-faults.ts'
export type { TestAccessTokenGuard, TestAccessTokenGuardOptions } from './test-access-token-guard.ts'
export { createTestAccessTokenGuard } from './test-access-token-guard.ts'
export type { TestClock } from './test-clock.ts'
export { createTestGuard } from './test-guard.ts'
export type {
  TestChallenge,
  TestGrant,
  TestGuard,
  TestGuardOf,
  TestGuardOptions,
  TestWish,
} from './test-guard-types.ts'
export type { TestAccessTokenFault, TestOp, TestOpOptions } from './test-op.ts'
export { createTestOp } from './test-op.ts'
export type { TestAuthorizationResponse } from './test-op-pushes.ts'
