import * as react from 'react'
import { makeTestClient } from './create-test-client.ts'
import type { TestClient, TestClientOptions } from './test-client.ts'

// What React's versions call it. A production build has none that works, and asks for none.
const { act, unstable_act: formerAct } = react as { readonly act?: Act; readonly unstable_act?: Act }

type Act = <Result extends Promise<void> | void>(work: () => Result) => Result

/**
 * Runs what changes a client's state inside React's `act`, where the test has said that it uses that, as Testing Library
 * does: React then has rendered it all before the test goes on, and warns of nothing.
 */
const aroundReact: Act = work => {
  const { IS_REACT_ACT_ENVIRONMENT: isAsked } = globalThis as { readonly IS_REACT_ACT_ENVIRONMENT?: boolean }
  const run = isAsked === true ? (act ?? formerAct) : undefined
  return run ? run(work) : work()
}

/** What an app loads after it has started. */
const components = import('../react/prompts-and-accounts.ts')

/** A test client for components. */
export function makeReactTestClient(options: TestClientOptions): TestClient {
  return makeTestClient(options, { inTime: aroundReact, atOnce: aroundReact }, components)
}
