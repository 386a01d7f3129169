import { type Account, isSameAccount } from '../core/account.ts'
import { selectPrompt } from '../core/machine/prompts.ts'
import type { TokenSet } from '../core/tokens.ts'
import { lazy } from '../op/lazy.ts'
import { signUpRequest, switchRequest } from './accounts/account-requests.ts'
import { createRememberedAccounts, type RememberedAccounts } from './accounts/remembered-accounts.ts'
import type { AuthClient, Switched, SwitchOptions } from './auth-client.ts'
import type { ClientContext } from './context.ts'
import { createContext } from './create-context.ts'
import { defaults } from './defaults.ts'
import { createEffects } from './effects.ts'
import { createFetch } from './fetch.ts'
import { createInertClient } from './inert-client.ts'
import { logTransition } from './log.ts'
import type { MachineRunner } from './machine.ts'
import { markHandled } from './mark-handled.ts'
import { createMount } from './mount.ts'
import type { AuthClientOptions } from './options.ts'
import { type ResolvedOptions, resolveOptions } from './resolved-options.ts'
import { createLimits, type Limits } from './session/limits.ts'
import { createRenewal, type Renewal } from './session/renewal.ts'
import { watchRenewal } from './session/renewal-timer.ts'
import { createRestore } from './session/restore-session.ts'
import { createSignIn, type SignIn } from './session/sign-in.ts'
import { createSignOut, type SignOut } from './session/sign-out.ts'
import { isValidFor } from './session/vault.ts'
import { createAction } from './step-up/action.ts'
import { watchTriggers } from './step-up/triggers.ts'
import { listenForLogout } from './tabs/front-channel.ts'
import { createVisits } from './visits.ts'

/**
 * One client for one app; made once, outside render. On a server it does nothing, and its state is `initializing`.
 *
 * @throws {ConfigurationError} naming the option that is wrong; in a browser only
 */
export function createAuthClient(options: AuthClientOptions): AuthClient {
  if (typeof document === 'undefined') return createInertClient()
  const lang = (): string | undefined => document.documentElement.lang || undefined
  return createBrowserClient(resolveOptions(options, { origin: location.origin, lang }))
}

/** The parts of a client, put together. */
function createBrowserClient(options: ResolvedOptions): AuthClient {
  const disposal = new AbortController()
  const runner: MachineRunner = {
    runTokenEffect: effect => effects.runTokenEffect(effect),
    runEffect: effect => effects.runEffect(effect),
    observe: (...seen) => logTransition(context.log, ...seen),
  }
  const context = createContext(options, runner, disposal.signal)
  const { store, dispatch } = context.machine
  const visits = createVisits(context)
  const signIn = createSignIn(visits)
  const signOut = createSignOut(context)
  const renewal = createRenewal(context, visits)
  const limits = createLimits(context, reason => void signOut.endSession(reason))
  const remembered = createRememberedAccounts(context)
  const restore = createRestore(context)
  const stepUps = lazy(async () => {
    const { createStepUps } = await import('./step-up/step-up.ts')
    return createStepUps(context, visits, authorizedFetch, renewal.renew)
  })
  const ensure = async (minValidity: number): Promise<TokenSet> => {
    context.sessionSignal.throwIfUndecided()
    const { current } = context.vault
    return isValidFor(current, minValidity, context.now()) ? current : renewal.ensure(minValidity)
  }
  const authorizedFetch = createFetch(context, { ensure, renew: renewal.renew }, async (...asked) =>
    (await stepUps()).answerChallenge(...asked),
  )
  const extendSession = (): void => {
    if (store.getState().limit) limits.extend()
  }
  const effects = createEffects(context, { visits, signIn, extendSession })
  const stepUp: AuthClient['stepUp'] = async (...asked) => (await stepUps()).run(...asked)
  const mounting = createMount(() => {
    const parts = { signOut, renewal, limits, remembered, stepUp }
    return startWatching(context, parts)
  })

  const client: AuthClient = {
    store,
    fetch: (input, init) => authorizedFetch(new Request(input, init)),

    mount: () => {
      const unmount = mounting.mount()
      restore.start()
      return unmount
    },

    signIn: (signInOptions = {}) => markHandled(signIn(signInOptions)),
    signUp: (signUpOptions = {}) => markHandled(signIn(signUpOptions, () => signUpRequest(context))),
    signOut: (signOutOptions = {}) => markHandled(signOut.signOut(signOutOptions)),
    accounts: {
      switchAccount: (to, switchOptions) => markHandled(switchAccount(context, signIn, to, switchOptions)),
      addAccount: (addOptions = {}) => markHandled(signIn({ ...addOptions, prompt: 'login' })),
      forget: async account => remembered.forget(account),
    },

    renew: () => markHandled(renewal.renew()),
    getAccessToken: async ({ minValidity = defaults.minValidity } = {}) =>
      (await ensure(minValidity)).accessToken,

    stepUp,
    resumeStepUp: async (resumeOptions = {}) => {
      const { resume } = await stepUps()
      return resume(await restore.takeProof(), resumeOptions)
    },
    discardStepUp: action => {
      if (store.getState().resumed?.action !== action) return
      void restore.takeProof()
      dispatch({ type: 'step_up.resumed', resumed: null })
    },

    action: (...made) => createAction(client, ...made),

    extendSession,
    answerPrompt: (id, answer) => {
      const prompt = selectPrompt(store.getState())
      if (prompt?.id !== id) return
      context.log({ type: 'prompt.answered', prompt: prompt.type, answer })
      dispatch({ type: 'prompt.answered', id, answer })
    },

    failPrompt: (id, error) => {
      const prompt = selectPrompt(store.getState())
      if (prompt?.id === id && prompt.type !== 'account_changed')
        dispatch({ type: 'visit.failed', id, error })
    },

    dispose: () => {
      disposal.abort()
      mounting.stop()
      dispatch({ type: 'session.ended', reason: 'signed_out' })
    },
  }
  return client
}

interface WatchingParts {
  readonly signOut: SignOut
  readonly renewal: Renewal
  readonly limits: Limits
  readonly remembered: RememberedAccounts
  readonly stepUp: AuthClient['stepUp']
}

/** Starts all that watches while the client is mounted; returns how to stop it. */
function startWatching(
  context: ClientContext,
  { signOut, renewal, limits, remembered, stepUp }: WatchingParts,
): () => void {
  const { options, op, tabs, vault } = context
  const { issuer, session, rememberAccounts, triggers } = options
  op.join()
  const isLimited = session.idle !== undefined || session.absolute !== undefined
  const sid = (): unknown => vault.current?.claims.sid
  const stops = [
    tabs.listen(),
    listenForLogout(issuer, sid, () => void signOut.endSession('signed_out')),
    watchRenewal(context, renewal),
    isLimited && limits.watch(),
    rememberAccounts > 0 && remembered.watch(),
    triggers && watchTriggers(context, stepUp),
  ]
  return () => {
    for (const stop of stops) if (stop) stop()
  }
}

async function switchAccount(
  context: ClientContext,
  signIn: SignIn,
  to: Account | undefined,
  options: SwitchOptions = {},
): Promise<Switched> {
  const { former } = context.machine.store.getState()
  const account = await signIn(options, () => switchRequest(context, to))
  return { account, changed: former.status !== 'known' || !isSameAccount(former.account, account) }
}
