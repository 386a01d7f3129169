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
 * Makes the client of `afresh/testing/client`, for tests of React components. If a test uses `act`, as Testing Library
 * does, React has rendered everything before a method resolves.
 *
 * @param options how the client begins. Default: nobody is signed in
 * @throws {ConfigurationError} a `ConfigurationError`, which says which option is wrong
 */
export function createTestClient(options: TestClientOptions = {}): TestClient {
  return makeReactTestClient(options)
}
