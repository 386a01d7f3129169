import type { Account } from '../core/account.ts'
import { defined } from '../core/defined.ts'
import { ConfigurationError, NetworkError } from '../core/errors.ts'
import type { TokenSet } from '../core/ports.ts'
import { resolveReturnTo } from '../core/return-to.ts'
import { type AnonymousReason, type AuthState, type PromptAnswer, selectPrompt } from '../core/state.ts'
import type { AuthEffect } from '../core/transition.ts'
import type { ProveRequest } from '../core/wire.ts'
import { once } from '../op/once.ts'
import { createOpenIdProvider } from '../op/openid-provider.ts'
import { depart } from '../op/redirects.ts'
import { take } from '../op/storage.ts'
import { boot, type Purpose } from './boot.ts'
import type { ClientContext } from './context.ts'
import { createFetch } from './fetch.ts'
import { listenForLogout } from './front-channel.ts'
import { createInteractions } from './interactions.ts'
import { logTransition } from './log.ts'
import { createMachine, type ReadonlyStore } from './machine.ts'
import { createMarks } from './marks.ts'
import { type AuthClientOptions, resolveOptions } from './options.ts'
import type { Grant, StepUpOptions } from './step-up.ts'
import { isolatedTab, shareTabs, type TabNews } from './tabs.ts'
import { adopted, askedKey, createVault, isNews, lasts, signedIn } from './vault.ts'

export interface SignInOptions {
  /** e.g. `login`, or `select_account` to choose another account. Checked against what the OP says it knows. */
  readonly prompt?: string
  readonly loginHint?: string
  /** Seconds. The answer is refused when its login is older; only a backend can rely on that. */
  readonly maxAge?: number
  readonly acrValues?: readonly string[]
  readonly uiLocales?: string
  /** Where a full-page redirect comes back to; same-origin. Default: this page. */
  readonly returnTo?: string
  readonly signal?: AbortSignal
}

/** Everything an app does with its session, inside React and outside. */
export interface AuthClient {
  /** The state, to read: `getState`, `getInitialState`, `subscribe`. */
  readonly store: ReadonlyStore<AuthState>
  /** Starts the client: the first call finds out who is signed in. Call the returned function when done. */
  mount(): () => void
  /**
   * Signs a person in, in a popup or by a full-page redirect. Call it from a click, or the popup is blocked.
   *
   * @throws {InteractionCancelledError}, {AuthorizationResponseError}, {IdTokenError}, {PopupBlockedError},
   * {AuthTimeoutError}, {NetworkError}; {ConfigurationError} before anything leaves the page
   * @see OpenID Connect Core 1.0 §3.1.2.1
   */
  signIn(options?: SignInOptions): Promise<Account>
  /**
   * Forgets the session here at once, whatever the network does, then leaves the page to end the OP's session too
   * where the OP can.
   *
   * @see OpenID Connect RP-Initiated Logout 1.0 §2
   */
  signOut(options?: { readonly returnTo?: string }): Promise<void>
  /** Renews the tokens without showing anything. One at a time; everybody gets the same outcome. */
  renew(): Promise<void>
  /**
   * The access token, renewed if it would not last.
   *
   * @param options.minValidity seconds that it must still be good for. Default: 30
   * @throws {InteractionRequiredError} when nobody is signed in
   */
  getAccessToken(options?: { readonly minValidity?: number }): Promise<string>
  /** `fetch`, with the access token for requests to `api.origins` and for no other. */
  readonly fetch: typeof fetch
  /**
   * Asks the backend whether this person may do `action` now, and sends the person to the OP if it wants proof.
   *
   * @throws {StepUpDeniedError}, {StepUpUnmetError}, {AccountMismatchError}, {InteractionCancelledError},
   * {ConfigurationError} without `freshness.endpoint`, and what `signIn` throws
   */
  stepUp(action: string, options?: StepUpOptions): Promise<Grant>
  /** Proves the step-up that came back from a full-page redirect (`state.resumed`). Works once. */
  resumeStepUp(options?: Pick<StepUpOptions, 'signal' | 'onStatus'>): Promise<Grant>
  /** Gives that step-up up, if it is for this action. */
  discardStepUp(action: string): void
  /** Says that the person is there, which moves the idle limit (`session.idle`); nothing without one. */
  extendSession(): void
  /** Answers the prompt on screen. Call it from the click, or the popup is blocked. An old prompt's id does nothing. */
  answerPrompt(id: string, answer: PromptAnswer): void
  /** Ends everything this client does; it cannot be used again. */
  dispose(): void
}

/** The promise as it is, but a rejection that nobody handles is not reported: the state shows it too. */
export function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** What is loaded when it is first needed; after a failure, again when it is needed next. */
function part<T>(load: () => Promise<T>): () => Promise<T> {
  return once(() =>
    load().catch(() => {
      throw new NetworkError('A part of the app could not be loaded')
    }),
  )
}

/**
 * One client for one app; made once, outside render.
 *
 * @throws {ConfigurationError}
 */
export function createAuthClient(appOptions: AuthClientOptions): AuthClient {
  const options = resolveOptions(appOptions)
  const { issuer, clientId } = options
  const name = `${issuer} ${clientId}`
  const disposal = new AbortController()
  const now = (): number => Math.floor(Date.now() / 1000)
  const vault = createVault(options.storage === 'session' ? `afresh:session:${name}` : null)
  const marks = createMarks(name)
  const op = createOpenIdProvider({ ...options, now })
  const machine = createMachine(
    effect => perform(effect),
    (event, state, previous) => logTransition(options.logger, event, state, previous),
  )
  const { store, dispatch } = machine
  const hear = (news: TabNews): void => {
    if (news.type === 'ended') dispatch({ type: 'session.ended', reason: news.reason })
    else if (!vault.current || isNews(news.tokens, vault.current)) {
      const id = adopted + crypto.randomUUID()
      vault.put(id, news.tokens)
      dispatch({ type: 'session.adopted', id, signedIn: signedIn(news.tokens) })
    }
  }
  const alone = options.tabs === 'isolated' || !navigator.locks
  const tabs = alone ? isolatedTab : shareTabs(name, () => vault.current, hear)
  const context: ClientContext = {
    options,
    op,
    vault,
    machine,
    tabs,
    marks,
    now,
    name,
    disposed: disposal.signal,
  }
  const interactions = createInteractions(context)

  // Loaded beside the first restore, and what never asks for a step-up never loads the other.
  const renewal = part(async () => (await import('./renewal.ts')).createRenewal(context, interactions))
  const stepUps = part(async () =>
    (await import('./step-up.ts')).createStepUps(context, interactions, fetchWithToken),
  )
  const limits = part(async () =>
    (await import('./limits.ts')).createLimits(context, reason => void endHere(reason)),
  )
  const renew = async (): Promise<void> => (await renewal()).renew()
  const ensure = async (minValidity: number): Promise<TokenSet> => {
    const { current } = vault
    return lasts(current, minValidity, now()) ? current : (await renewal()).ensure(minValidity)
  }
  const fetchWithToken = createFetch(options, op, vault, { renew, ensure })

  let proof: Promise<ProveRequest | null> | null = null
  let mounts = 0
  let unmount = (): void => {}

  const perform = (effect: AuthEffect): void => {
    if (effect.type === 'tokens.install') {
      vault.install(effect.id)
      marks.write('session')
      take(askedKey + name)
      if (vault.current && !effect.id.startsWith(adopted))
        tabs.tell({ type: 'session', tokens: vault.current })
    } else if (effect.type === 'tokens.discard') vault.discard(effect.id)
    else if (effect.type === 'tokens.clear') vault.clear()
    else if (effect.type === 'sign_in.start') {
      const { username, email } = effect.account
      void client.signIn(defined({ prompt: 'login', loginHint: username ?? email }))
    } else if (effect.type === 'limit.extend') client.extendSession()
    else interactions.perform(effect)
  }

  const signIn = async ({
    returnTo = location.href,
    signal,
    ...request
  }: SignInOptions): Promise<Account> => {
    const tokens = await interactions.start({
      kind: 'sign_in',
      action: '',
      expected: null,
      request: { ...defined({ uiLocales: options.uiLocales }), ...request },
      returnTo: resolveReturnTo(returnTo, location.origin),
      purpose: { kind: 'sign_in' } satisfies Purpose,
      signal,
    })
    return tokens.account
  }

  /** Ends the session in every tab at once, whatever the network does; the mark keeps a reload from bringing it back. */
  const endHere = async (reason: AnonymousReason): Promise<void> => {
    const { current } = vault
    marks.write('closed')
    dispatch({ type: 'session.ended', reason })
    tabs.tell({ type: 'ended', reason })
    if (current) await op.revoke(current).catch(() => {})
  }

  const signOut = async ({ returnTo = location.href }: { readonly returnTo?: string }): Promise<void> => {
    const target = resolveReturnTo(returnTo, location.origin)
    const { current } = vault
    const revoked = endHere('signed_out')
    if (!current) return
    const end = await op.endSession(current.idToken)
    await revoked
    const purpose: Purpose = { kind: 'sign_out' }
    if (end)
      await depart(end.state, end.url, { issuer, clientId, returnTo: target, transaction: null, purpose })
  }

  const client: AuthClient = {
    store,
    fetch: fetchWithToken,

    mount: () => {
      if (mounts++ === 0) {
        const leave = tabs.listen()
        const unhear = listenForLogout(
          issuer,
          () => vault.current?.claims.sid,
          () => void endHere('signed_out'),
        )
        const none = (): void => {}
        const limited = Object.keys(options.session).length > 0
        const starts = [renewal().then(({ keep }) => keep), limited && limits().then(({ watch }) => watch)]
        const stops = starts.map(async loading => {
          const start = await Promise.resolve(loading).catch(() => false as const)
          return start && mounts > 0 ? start() : none
        })
        unmount = () => {
          leave()
          unhear()
          for (const stopping of stops) void stopping.then(stop => stop())
        }
      }
      proof ??= boot(context)
      return () => {
        if (--mounts === 0) unmount()
      }
    },

    signIn: (signInOptions = {}) => quietly(signIn(signInOptions)),
    signOut: (signOutOptions = {}) => quietly(signOut(signOutOptions)),

    renew: () => quietly(renew()),
    getAccessToken: async ({ minValidity = 30 } = {}) => (await ensure(minValidity)).accessToken,

    stepUp: async (action, stepUpOptions) => (await stepUps()).run(action, stepUpOptions),

    resumeStepUp: async ({ signal, onStatus } = {}) => {
      const { resumed } = store.getState()
      onStatus?.('verifying')
      const kept = await proof
      proof = Promise.resolve(null)
      if (!kept || !resumed) throw new ConfigurationError('No step-up has come back from a redirect')
      if (resumed.error) throw resumed.error
      dispatch({ type: 'step_up.resumed', resumed: null })
      return (await stepUps()).prove(resumed.action, kept, signal)
    },

    discardStepUp: action => {
      if (store.getState().resumed?.action !== action) return
      proof = Promise.resolve(null)
      dispatch({ type: 'step_up.resumed', resumed: null })
    },

    extendSession: () => {
      if (store.getState().limit) void limits().then(({ extend }) => extend())
    },

    answerPrompt: (id, answer) => {
      const prompt = selectPrompt(store.getState())
      if (prompt?.id !== id) return
      options.logger({ type: 'prompt.answered', prompt: prompt.type, answer })
      dispatch({ type: 'prompt.answered', id, answer })
    },

    dispose: () => {
      disposal.abort()
      unmount()
      dispatch({ type: 'session.ended', reason: 'signed_out' })
    },
  }
  return client
}
