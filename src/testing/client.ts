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
 * Makes a test client: the real client, in a browser, with an OpenID Provider and a backend. All three live in the
 * memory of this process: there is no page, no network and no timer. Nothing global is replaced. So many test clients
 * may live side by side, in Node and in any DOM.
 *
 * @param options how the client begins. Default: nobody is signed in
 * @throws {ConfigurationError} a `ConfigurationError`, which says which option is wrong
 */
export function createTestClient(options: TestClientOptions = {}): TestClient {
  return makeTestClient(options, { inTime: work => work(), atOnce: work => work() }, Promise.resolve())
}
