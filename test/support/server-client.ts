import { type AuthClient, type AuthState, ConfigurationError, type ReadonlyStore } from 'afresh'
import { createStore } from 'zustand/vanilla'
import { createAction } from '../../src/client/step-up/action.ts'
import { createResumedOwners } from '../../src/client/step-up/resumed-owner.ts'
import { initialState } from '../../src/core/machine/state.ts'

/** A client as it is on a server: its state is the initial one, and a render that asks it to do anything fails. */
export function serverClient(store: ReadonlyStore<AuthState> = createStore(() => initialState)): AuthClient {
  const refuse = (): never => {
    throw new ConfigurationError('A render must only read')
  }
  const client: AuthClient = {
    store,
    mount: refuse,
    ready: refuse,
    restore: refuse,
    signIn: refuse,
    signUp: refuse,
    accounts: { switchAccount: refuse, addAccount: refuse, forget: refuse },
    signOut: refuse,
    renew: refuse,
    getAccessToken: refuse,
    fetch: refuse,
    stepUp: refuse,
    resumeStepUp: refuse,
    discardStepUp: refuse,
    action: (...made) => createAction(client, createResumedOwners(store), ...made),
    extendSession: refuse,
    answerPrompt: refuse,
    failPrompt: refuse,
    dispose: refuse,
  }
  return client
}
