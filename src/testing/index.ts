import { makeReactTestClient } from './react-test-client.ts'
import type { TestClient, TestClientOptions } from './test-client.ts'

export type { Evil } from './evil.ts'
export type { ChallengeDemand, GuardedCall, StepUpScript, TestPerson, TestStepUp } from './script.ts'
export { TestAuthProvider, type TestAuthProviderProps } from './TestAuthProvider.tsx'
export type {
  TestClient,
  TestClientOptions,
  TestClock,
  TestPendingStepUp,
  TestPopup,
  TestTab,
} from './test-client.ts'

/**
 * The client of `afresh/testing/client`, for tests of React components: where they use `act`, as Testing Library does,
 * React has rendered everything before a method resolves.
 *
 * @throws {ConfigurationError} saying which option cannot be
 */
export function createTestClient(options: TestClientOptions = {}): TestClient {
  return makeReactTestClient(options)
}
