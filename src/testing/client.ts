import { makeTestClient } from './create-test-client.ts'
import type { TestClient, TestClientOptions } from './test-client.ts'

export type { Evil } from './evil.ts'
export type { ChallengeDemand, GuardedCall, StepUpScript, TestPerson, TestStepUp } from './script.ts'
export type {
  TestClient,
  TestClientOptions,
  TestClock,
  TestPendingStepUp,
  TestPopup,
  TestTab,
} from './test-client.ts'

/**
 * The real client in a browser, at an OpenID Provider and before a backend that live in this process's memory: no page,
 * no network, no timer. Nothing global is replaced, so many may live side by side, in Node as in any DOM.
 *
 * @throws {ConfigurationError} saying which option cannot be
 */
export function createTestClient(options: TestClientOptions = {}): TestClient {
  return makeTestClient(options, { inTime: work => work(), atOnce: work => work() }, Promise.resolve())
}
