import { createStore } from 'zustand/vanilla'
import { ConfigurationError } from '../core/errors.ts'
import { initialState } from '../core/machine/state.ts'
import type { AuthClient } from './auth-client.ts'
import { readonly } from './run-machine.ts'
import { createAction } from './step-up/action.ts'
import { createResumedOwners } from './step-up/resumed-owner.ts'

/**
 * The client where there is no page, as while a server renders: `initializing`, and nothing happens. The browser makes a
 * client of its own. An action rejects, since no person is there to do it.
 */
export function createInertClient(): AuthClient {
  const refuse = async (): Promise<never> => {
    throw new ConfigurationError(
      'There is no page here: on a server the client shows its state and does nothing',
    )
  }
  const ignore = (): void => {}
  const store = readonly(createStore(() => initialState))
  const owners = createResumedOwners(store)
  const client: AuthClient = {
    store,
    mount: () => ignore,
    ready: async () => {},
    restore: async () => {},
    signIn: refuse,
    signUp: refuse,
    accounts: { switchAccount: refuse, addAccount: refuse, forget: refuse },
    signOut: refuse,
    renew: refuse,
    getAccessToken: refuse,
    fetch: refuse,
    stepUp: refuse,
    resumeStepUp: refuse,
    discardStepUp: ignore,
    action: (...args) => createAction(client, owners, ...args),
    extendSession: ignore,
    answerPrompt: ignore,
    failPrompt: ignore,
    dispose: ignore,
  }
  return client
}
