import { type Account, isSameAccount } from '../core/account.ts'
import { selectPrompt } from '../core/machine/prompts.ts'
import { signUpRequest, switchRequest } from './accounts/account-requests.ts'
import type { AuthClient, Switched, SwitchOptions } from './auth-client.ts'
import type { ClientParts } from './client-parts.ts'
import { defaults } from './defaults.ts'
import { markHandled } from './mark-handled.ts'
import { createMount } from './mount.ts'
import { startWatching } from './start-watching.ts'
import { createAction } from './step-up/action.ts'

/** The client as an app sees it. */
export function createMethods(parts: ClientParts): AuthClient {
  const { context, signIn, signOut, renewal, remembered, restore, stepUps } = parts
  const { store, dispatch } = context.machine
  const stepUp: AuthClient['stepUp'] = async (...asked) => (await stepUps()).run(...asked)
  const mounting = createMount(() => startWatching(parts, stepUp))

  const client: AuthClient = {
    store,
    fetch: async (input, init) => parts.authorizedFetch(new Request(input, init)),

    mount: () => {
      const unmount = mounting.mount()
      restore.start()
      return unmount
    },

    signIn: (options = {}) => markHandled(signIn(options)),
    signUp: (options = {}) => markHandled(signIn(options, () => signUpRequest(context))),
    signOut: (options = {}) => markHandled(signOut(options)),
    accounts: {
      switchAccount: (to, options) => markHandled(switchAccount(parts, to, options)),
      addAccount: (options = {}) => markHandled(signIn({ ...options, prompt: 'login' })),
      forget: async account => remembered.forget(account),
    },

    renew: () => markHandled(renewal.renew()),
    getAccessToken: async ({ minValidity = defaults.minValidity } = {}) =>
      (await renewal.ensure(minValidity)).accessToken,

    stepUp,
    resumeStepUp: async (options = {}) => {
      const { resume } = await stepUps()
      return resume(await restore.takeProof(), options)
    },
    discardStepUp: action => {
      if (store.getState().resumed?.action !== action) return
      void restore.takeProof()
      dispatch({ type: 'step_up.resumed', resumed: null })
    },
    action: (...made) => createAction(client, ...made),

    extendSession: parts.extendSession,
    answerPrompt: (id, answer) => {
      const prompt = selectPrompt(store.getState())
      if (prompt?.id !== id) return
      context.log({ type: 'prompt.answered', prompt: prompt.type, answer })
      dispatch({ type: 'prompt.answered', id, answer })
    },
    failPrompt: (id, error) => {
      const prompt = selectPrompt(store.getState())
      // Nothing waits for these two.
      if (prompt?.id !== id || prompt.type === 'account_changed' || prompt.type === 'idle_warning') return
      dispatch({ type: 'visit.failed', id, error })
    },

    dispose: () => {
      parts.disposal.abort()
      mounting.stop()
      dispatch({ type: 'session.ended', reason: 'signed_out' })
    },
  }
  return client
}

async function switchAccount(
  { context, signIn }: ClientParts,
  to: Account | undefined,
  options: SwitchOptions = {},
): Promise<Switched> {
  const { former } = context.machine.store.getState()
  const account = await signIn(options, () => switchRequest(context, to))
  return { account, changed: former.status !== 'known' || !isSameAccount(former.account, account) }
}
