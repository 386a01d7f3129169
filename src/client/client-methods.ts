import { type Account, isSameAccount } from '../core/account.ts'
import { selectPrompt } from '../core/machine/prompts.ts'
import { addRequest, signUpRequest, switchRequest } from './accounts/account-requests.ts'
import { targetOf } from './api-targets.ts'
import type { AuthClient, Switched, SwitchOptions } from './auth-client.ts'
import { newRequest, whenShown } from './browser.ts'
import { keepClock } from './client-clock.ts'
import type { ClientParts } from './client-parts.ts'
import type { ClientContext } from './context.ts'
import { defaults } from './defaults.ts'
import { logFailure } from './failure.ts'
import { allowInspection } from './inspection.ts'
import { markHandled } from './mark-handled.ts'
import { createMount } from './mount.ts'
import { startWatching } from './start-watching.ts'
import { createAction } from './step-up/action.ts'
import { endIfStale } from './step-up/end-if-stale.ts'
import { throwIfNoStepUp } from './step-up/refuse-step-up.ts'
import { createResumedOwners } from './step-up/resumed-owner.ts'
import type { Grant, StepUpOptions } from './step-up/step-up-types.ts'

/** The client as an app sees it. */
export function createMethods(parts: ClientParts): AuthClient {
  const { context, signIn, signOut, renewal, restore } = parts
  const { store, dispatch } = context.machine
  const { page, clock } = context.browser
  const stepUps = stepUpMethods(parts)
  const tellSignIn = signInTeller(context)
  const owners = createResumedOwners(store)
  const mounting = createMount(() =>
    whenShown(page, () => {
      restore.start()
      return startWatching(parts, stepUps.stepUp)
    }),
  )

  const client: AuthClient = {
    store,
    fetch: async (input, init) => parts.authorizedFetch(newRequest(page, input, init)),

    mount: () => {
      const unmount = mounting.mount()
      // The provider may have been away for a while.
      restore.compare()
      return unmount
    },
    ready: restore.ready,
    restore: () => restore.again(true),

    signIn: (options = {}) => tellSignIn(signIn(options)),
    signUp: (options = {}) => tellSignIn(signIn(options, () => signUpRequest(context))),
    signOut: (options = {}) =>
      markHandled(
        logFailure(context.log, failure => ({ type: 'sign_out.failed', ...failure }), signOut(options)),
      ),
    accounts: accountMethods(parts),

    renew: () => markHandled(renewal.renew()),
    getAccessToken: async ({ minValidity = defaults.minValidity, ...wanted } = {}) =>
      (await renewal.ensure(minValidity, targetOf(context.options, wanted), context.browser.page.isBeingUsed))
        .accessToken,

    ...stepUps,
    action: (...args) => createAction(client, owners, ...args),

    extendSession: parts.extendSession,
    ...promptMethods(context),

    dispose: () => {
      parts.disposal.abort()
      mounting.stop()
      dispatch({ type: 'session.ended', reason: 'signed_out' })
    },
  }
  keepClock(store, clock)
  allowInspection(client, {
    ...context.recorder,
    hasRefreshToken: () => context.vault.current?.refreshToken !== undefined,
    now: context.now,
    options: context.options,
    controls: [],
  })
  return client
}

/** What logs the failure of a sign-in. */
function signInTeller({ log }: ClientContext): <T>(signingIn: Promise<T>) => Promise<T> {
  return signingIn =>
    markHandled(logFailure(log, failure => ({ type: 'sign_in.failed', ...failure }), signingIn))
}

type Methods<Name extends keyof AuthClient> = Pick<AuthClient, Name>

function stepUpMethods(parts: ClientParts): Methods<'stepUp' | 'resumeStepUp' | 'discardStepUp'> {
  const { context, restore, stepUps } = parts
  const { store, dispatch } = context.machine
  const run: AuthClient['stepUp'] = async (...args) => {
    throwIfNoStepUp(context.options.profile)
    const [loaded] = await Promise.all([stepUps(), restore.beforeSending()])
    return loaded.run(...args)
  }
  const resume = async (options: StepUpOptions): Promise<Grant> => {
    const loaded = await stepUps()
    restore.compare()
    return loaded.resume(await restore.takeProof(), options)
  }
  const tellStepUp = (action: string | null | undefined, work: Promise<Grant>): Promise<Grant> =>
    logFailure(
      context.log,
      failure => ({ type: 'step_up.failed', ...(action && { action }), ...failure }),
      work,
    )
  return {
    stepUp: (action, options = {}) => tellStepUp(action, endIfStale(parts, options, run(action, options))),
    resumeStepUp: (options = {}) =>
      tellStepUp(store.getState().resumed?.action, endIfStale(parts, options, resume(options))),
    discardStepUp: action => {
      if (store.getState().resumed?.action !== action) return
      void restore.takeProof()
      dispatch({ type: 'step_up.resumed', resumed: null })
    },
  }
}

function promptMethods({ machine, log }: ClientContext): Methods<'answerPrompt' | 'failPrompt'> {
  const { store, dispatch } = machine
  return {
    answerPrompt: (id, answer) => {
      const prompt = selectPrompt(store.getState())
      if (prompt?.id !== id) return
      log({ type: 'prompt.answered', prompt: prompt.type, answer })
      dispatch({ type: 'prompt.answered', id, answer })
    },
    failPrompt: (id, error) => {
      const prompt = selectPrompt(store.getState())
      // Nothing waits for these two.
      if (prompt?.id !== id || prompt.type === 'account_changed' || prompt.type === 'idle_warning') return
      dispatch({ type: 'interaction.failed', id, error })
    },
  }
}

function accountMethods(parts: ClientParts): AuthClient['accounts'] {
  const { context, switchPerson, remembered } = parts
  const tellSignIn = signInTeller(context)
  return {
    switchAccount: (to, options) => tellSignIn(switchAccount(parts, to, options)),
    addAccount: (options = {}) => tellSignIn(switchPerson(options, async () => addRequest)),
    forget: async account => remembered.forget(account),
  }
}

async function switchAccount(
  { context, switchPerson }: ClientParts,
  to: Account | undefined,
  options: SwitchOptions = {},
): Promise<Switched> {
  const { former } = context.machine.store.getState()
  const account = await switchPerson(options, () => switchRequest(context, to))
  return { account, changed: former.status !== 'known' || !isSameAccount(former.account, account) }
}
