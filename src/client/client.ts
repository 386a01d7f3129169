import { type Account, isSameAccount } from '../core/account.ts'
import { defined } from '../core/defined.ts'
import { AccountMismatchError, ConfigurationError, InteractionRequiredError } from '../core/errors.ts'
import { resolveReturnTo } from '../core/return-to.ts'
import { type AuthState, type PromptAnswer, selectPrompt } from '../core/state.ts'
import type { AuthEffect } from '../core/transition.ts'
import type { ProveRequest } from '../core/wire.ts'
import { exchangeSilently } from '../op/exchange.ts'
import { createOpenIdProvider } from '../op/openid-provider.ts'
import { depart } from '../op/redirects.ts'
import { boot, type Purpose } from './boot.ts'
import type { ClientContext } from './context.ts'
import { createInteractions } from './interactions.ts'
import { logTransition } from './log.ts'
import { createMachine, type ReadonlyStore } from './machine.ts'
import { type AuthClientOptions, resolveOptions } from './options.ts'
import { createStepUps, type Grant, type StepUpOptions } from './step-up.ts'
import { createVault, signedIn } from './vault.ts'

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

/**
 * One client for one app; made once, outside render.
 *
 * @throws {ConfigurationError}
 */
export function createAuthClient(appOptions: AuthClientOptions): AuthClient {
  const options = resolveOptions(appOptions)
  const disposal = new AbortController()
  const vault = createVault()
  const now = (): number => Math.floor(Date.now() / 1000)
  const op = createOpenIdProvider({ ...options, now })
  const machine = createMachine(
    effect => perform(effect),
    (event, state, previous) => logTransition(options.logger, event, state, previous),
  )
  const { store, dispatch } = machine
  const context: ClientContext = { options, op, vault, machine, disposed: disposal.signal }
  const interactions = createInteractions(context)

  let proof: Promise<ProveRequest | null> | null = null
  let renewal: Promise<void> | null = null

  const perform = (effect: AuthEffect): void => {
    if (effect.type === 'tokens.install') vault.install(effect.id)
    else if (effect.type === 'tokens.discard') vault.discard(effect.id)
    else if (effect.type === 'tokens.clear') vault.clear()
    else if (effect.type === 'sign_in.start') {
      const { username, email } = effect.account
      void client.signIn(defined({ prompt: 'login', loginHint: username ?? email }))
    } else interactions.perform(effect)
  }

  const renew = async (): Promise<void> => {
    const session = vault.current
    if (!session) throw new InteractionRequiredError('login_required')
    const request = { idTokenHint: session.idToken }
    const { tokens } = await exchangeSilently(op, request, options.timeLimit, disposal.signal)
    const id = crypto.randomUUID()
    vault.put(id, tokens)
    dispatch({ type: 'session.renewed', id, signedIn: signedIn(tokens) })
    if (!isSameAccount(session.account, tokens.account)) {
      throw new AccountMismatchError('The OpenID Provider renewed the session of somebody else')
    }
  }

  const signIn = async ({
    returnTo = location.href,
    signal,
    ...request
  }: SignInOptions): Promise<Account> => {
    const tokens = await interactions.start({
      action: null,
      expected: null,
      request: { ...defined({ uiLocales: options.uiLocales }), ...request },
      returnTo: resolveReturnTo(returnTo, location.origin),
      purpose: { kind: 'sign_in' } satisfies Purpose,
      signal,
    })
    return tokens.account
  }

  const signOut = async ({ returnTo = location.href }: { readonly returnTo?: string }): Promise<void> => {
    const target = resolveReturnTo(returnTo, location.origin)
    const idToken = vault.current?.idToken ?? null
    dispatch({ type: 'session.ended' })
    const end = await op.endSession(idToken)
    const purpose: Purpose = { kind: 'sign_out' }
    const { issuer, clientId } = options
    if (end) depart(end.state, end.url, { issuer, clientId, returnTo: target, transaction: null, purpose })
  }

  const fetchWithToken: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    if (vault.current && options.apiOrigins.includes(new URL(request.url).origin)) {
      const token = await client.getAccessToken()
      request.headers.set('Authorization', `Bearer ${token}`)
    }
    return fetch(request)
  }
  const stepUps = createStepUps(context, interactions, fetchWithToken)

  const client: AuthClient = {
    store,
    fetch: fetchWithToken,

    mount: () => {
      proof ??= boot(context)
      return () => {}
    },

    signIn: (signInOptions = {}) => quietly(signIn(signInOptions)),
    signOut: (signOutOptions = {}) => quietly(signOut(signOutOptions)),

    renew: () => {
      renewal ??= renew().finally(() => {
        renewal = null
      })
      return renewal
    },

    getAccessToken: async ({ minValidity = 30 } = {}) => {
      const lasts = (): boolean => {
        const expiresAt = vault.current?.accessTokenExpiresAt ?? null
        return vault.current !== null && (expiresAt === null || expiresAt - now() >= minValidity)
      }
      if (!lasts()) await client.renew()
      if (!vault.current) throw new InteractionRequiredError('login_required')
      return vault.current.accessToken
    },

    stepUp: (action, stepUpOptions) => stepUps.run(action, stepUpOptions),

    resumeStepUp: async ({ signal, onStatus } = {}) => {
      const { resumed } = store.getState()
      onStatus?.('verifying')
      const kept = await proof
      proof = Promise.resolve(null)
      if (!kept || !resumed) throw new ConfigurationError('No step-up has come back from a redirect')
      if (resumed.error) throw resumed.error
      dispatch({ type: 'step_up.resumed', resumed: null })
      return stepUps.prove(resumed.action, kept, signal)
    },

    discardStepUp: action => {
      if (store.getState().resumed?.action !== action) return
      proof = Promise.resolve(null)
      dispatch({ type: 'step_up.resumed', resumed: null })
    },

    answerPrompt: (id, answer) => {
      const prompt = selectPrompt(store.getState())
      if (prompt?.id !== id) return
      options.logger({ type: 'prompt.answered', prompt: prompt.type, answer })
      dispatch({ type: 'prompt.answered', id, answer })
    },

    dispose: () => {
      disposal.abort()
      dispatch({ type: 'session.ended' })
    },
  }
  return client
}
