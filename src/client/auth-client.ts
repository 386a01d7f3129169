import type { Account } from '../core/account.ts'
import type { AnyAuthError } from '../core/errors.ts'
import type { PromptAnswer } from '../core/machine/prompts.ts'
import type { AuthState } from '../core/machine/state.ts'
import type { ReadonlyStore } from './run-machine.ts'
import type { Action, ActionOptions, Perform } from './step-up/action-options.ts'
import type { Grant, StepUpOptions } from './step-up/step-up-types.ts'

/** How a sign-in asks the OP. All of it is optional. */
export interface SignInOptions {
  /**
   * e.g. `login`, or `select_account` to choose another account. Checked against what the OP and the `provider` list. With
   * `login`, an answer that tells of a login before this request is refused (`auth_time` is `too_old`); where the OP does
   * not tell `auth_time`, it is *not* checked, and only a backend can rely on it. Default: the client's `prompt`.
   */
  readonly prompt?: string | undefined
  /** The person that the OP may suggest, such as by an e-mail address. Another person may come back all the same. Default: none. */
  readonly loginHint?: string | undefined
  /** Seconds. The answer is refused when its login is older; only a backend can rely on that. */
  readonly maxAge?: number | undefined
  /**
   * In order of preference. An answer with another `acr` is refused; only a backend can rely on that. Default: the
   * client's `acrValues`.
   */
  readonly acrValues?: readonly string[] | undefined
  /** The language of the OP's pages: BCP 47 tags, separated by spaces. Default: the client's `uiLocales`. */
  readonly uiLocales?: string | undefined
  /**
   * What else goes into this request, by its names on the wire. It counts before the client's `authorizationParams` and
   * the provider's. The protocol's own parameters cannot be set.
   */
  readonly authorizationParams?: Readonly<Record<string, string>> | undefined
  /** Where a full-page redirect comes back to; same-origin. Default: this page. */
  readonly returnTo?: string | undefined
  /** Gives the sign-in up: it rejects with an `InteractionCancelledError` (`aborted`), and its popup closes. */
  readonly signal?: AbortSignal | undefined
}

/** Which access token, and how long it must last. */
export interface AccessTokenOptions {
  /** Seconds that it must still be good for. Default: 30. */
  readonly minValidity?: number | undefined
  /** The API that it is for, as the OP knows it (RFC 8707 §2). Default: the client's `resource`. */
  readonly resource?: string | undefined
  /**
   * Its scopes, separated by spaces. Default: all that the sign-in has asked for. Where the OP knows an API by its scopes
   * alone (`resourceParam: 'none'` in its profile), another `resource` needs them.
   */
  readonly scope?: string | undefined
}

/** How a switch of accounts asks the OP. */
export type SwitchOptions = Omit<SignInOptions, 'prompt' | 'loginHint'>

/** How a switch of accounts ended. */
export interface Switched {
  /** Who is signed in now: another person, or the same one where `changed` is false. */
  readonly account: Account
  /** False when the same person came back: then nothing has changed. */
  readonly changed: boolean
}

/** Everything an app does with its session, inside React and outside. */
export interface AuthClient {
  /** The state, to read: `getState`, `getInitialState`, `subscribe`. */
  readonly store: ReadonlyStore<AuthState>
  /** Starts the client: the first call finds out who is signed in. Call the returned function when done. */
  mount(): () => void
  /**
   * Resolves when it has been found out who is signed in, or cannot be now, and at the latest after `timeLimit`. For
   * what is not a component, such as a router's loader; `fetch` and `getAccessToken` wait by themselves. It never
   * rejects: the state shows the outcome.
   */
  ready(): Promise<void>
  /**
   * Finds out once more who is signed in, where that is unknown because the OP could not be reached
   * (`session.reason` is `timeout` or `failed`). The client does so itself when the page is back or online, and from
   * time to time. The page may leave for the OP here; after its first load it does not by itself once the person has begun
   * to use it. A try that is under way is waited for. It never
   * rejects: the state shows the outcome.
   */
  restore(): Promise<void>
  /**
   * Signs a person in, in a popup or by a full-page redirect. Call it from a click, or the popup is blocked.
   *
   * @throws {InteractionCancelledError}, {AuthorizationResponseError}, {IdTokenError}, {PopupBlockedError},
   * {AuthTimeoutError}, {NetworkError}; {ConfigurationError} before anything leaves the page
   * @see OpenID Connect Core 1.0 §3.1.2.1
   */
  signIn(options?: SignInOptions): Promise<Account>
  /**
   * Like `signIn`, but the OP shows its form for new people, as the provider's profile says, else by `prompt=create`.
   * The person who comes back may have had an account already.
   *
   * @throws {ConfigurationError} where the OP is not known to have such a form, and what `signIn` throws. An OP that
   * answers with a page of its own instead ends in `InteractionCancelledError`, when the person closes that
   * @see Initiating User Registration via OpenID Connect 1.0 §4
   */
  signUp(options?: Omit<SignInOptions, 'prompt'>): Promise<Account>
  /**
   * For going on as another person. Call these from a click. The OP's session and those of other apps stay, unless the
   * `provider` says `accountSelection: 'sign_out'`: then a prompt (`sign_out_first`) says that the session ends first,
   * here and at the OP. The page leaves to sign out, comes back, and leaves for the sign-in of the other person; so the
   * promise does not resolve, and the state of the page that comes back shows who it is.
   */
  readonly accounts: {
    /**
     * Lets a person sign in with another account: with `to`, or with one that they choose at the OP (as the `provider`
     * says, else by `select_account` where it knows that, else by `prompt=login`). `to` is a hint, so a third person may come back. Another person's
     * session is shown only when nothing of the former one is left: see `onAccountChange`.
     *
     * @throws what `signIn` throws; {ConfigurationError} too where the person must be signed out first and the OP has no
     * page for that. The session is then as it was
     */
    switchAccount(to?: Account, options?: SwitchOptions): Promise<Switched>
    /** The same, with the OP's login form in any case (`prompt=login`). */
    addAccount(options?: SwitchOptions): Promise<Account>
    /** Forgets one remembered account, or all. The session stays. */
    forget(account?: Account): Promise<void>
  }
  /**
   * Forgets the session here at once, whatever the network does, then leaves the page to end the OP's session too
   * where the OP can, in the way that the `provider` says. Settles when the tokens are revoked, or cannot be, and the page does not leave.
   *
   * @throws {ConfigurationError} when `returnTo` is not of this origin, before the session ends; after that, with the
   * session ended here: {NetworkError}, {AuthTimeoutError} when the OP cannot be asked where to go, and
   * {ConfigurationError} when sessionStorage is forbidden
   * @see OpenID Connect RP-Initiated Logout 1.0 §2
   */
  signOut(options?: { readonly returnTo?: string | undefined }): Promise<void>
  /**
   * Renews the tokens without showing anything. One at a time; all callers get the same outcome. A session that ends
   * meanwhile is no error.
   *
   * @throws {InteractionRequiredError} when no person is signed in, or only the person can renew the session;
   * {AccountMismatchError} when another person has signed in, which a prompt asks about; {AuthorizationResponseError},
   * {IdTokenError}, {NetworkError}, {AuthTimeoutError}. The session is as it was
   */
  renew(): Promise<void>
  /**
   * An access token, renewed if it would not last: the session's own, or with `resource` or `scope` the one for that API,
   * which is kept beside it. One is had by one refresh, or by one visit in a hidden frame, for all callers and all tabs.
   *
   * Name an API in `api` too: only what stands there is asked for at each sign-in, so that a refresh can bring it.
   *
   * @throws {InteractionRequiredError} when no person is signed in; {AccountMismatchError} while it is open whose page
   * this is; {InteractionCancelledError} when only the person can renew the session, or consent, and does not;
   * {ConfigurationError} where the OP gives no token for that API as it is set up; and what `renew` throws, where the
   * token is not good any more
   */
  getAccessToken(options?: AccessTokenOptions): Promise<string>
  /**
   * `fetch`, with an access token for requests to the origins in `api` and for no other. An API there can ask for more,
   * once a request: a new token (`invalid_token`), another scope (`insufficient_scope`, RFC 6750 §3.1: in silence, or by
   * the person's consent), or a fresher or stronger login (RFC 9470, and Microsoft's `insufficient_claims`), for which the
   * person is asked where silence is not enough. The request is sent once more then, and its answer is the answer. Where
   * a scope is not to be had, the API's refusal is the answer.
   *
   * @throws what `fetch` throws: {TypeError}, also for a redirect of a request with a token or a grant, and the reason
   * of the request's signal. For the origins in `api` also what `getAccessToken` throws, {AccountMismatchError} when another
   * person takes over meanwhile, and what `stepUp` throws
   */
  readonly fetch: typeof fetch
  /**
   * Asks the backend whether this person may do `action` now, and sends the person to the OP if it wants proof.
   *
   * @throws {StepUpDeniedError}, {StepUpUnmetError}, {AccountMismatchError}, {InteractionCancelledError},
   * {ConfigurationError} without `freshness.endpoint`, or with a `provider` where no step-up can be had; and what
   * `signIn` throws
   */
  stepUp(action: string, options?: StepUpOptions): Promise<Grant>
  /**
   * Goes on with the step-up that came back from a full-page redirect (`state.resumed`): proves it, or asks again
   * where only a resource server had asked. Works once.
   *
   * @throws {ConfigurationError} when none has come back, the error that it came back with, and what `stepUp` throws
   */
  resumeStepUp(
    options?: Pick<StepUpOptions, 'signal' | 'onStatus' | 'context' | 'decides' | 'onStale'>,
  ): Promise<Grant>
  /** Gives that step-up up, if it is for this action. */
  discardStepUp(action: string | null): void
  /**
   * A sensitive action behind a step-up, as a store: `useStepUp` without React. It joins repeated calls, keeps the
   * idempotency key of a retry, and goes on after a full-page redirect.
   *
   * @param name the name of the backend's policy
   * @param perform what to do once the backend has granted it; its `fetch` carries the grant
   * @param options an object, or a function that is asked each time the options are needed
   */
  action<Input, Result>(
    name: string,
    perform: Perform<Input, Result>,
    options?: ActionOptions<Input> | (() => ActionOptions<Input>),
  ): Action<Input, Result>
  /**
   * Says that the person is there, which moves the idle limit (`session.idle`); nothing without one. A session that is
   * over by then ends.
   */
  extendSession(): void
  /** Answers the prompt on screen. Call it from the click, or the popup is blocked. An old prompt's id does nothing. */
  answerPrompt(id: string, answer: PromptAnswer): void
  /**
   * Ends what the prompt on screen is about, where the app cannot show it: whatever waits for the answer rejects with
   * `error`. An idle warning and `account_changed` stay, since nothing waits for them. An old prompt's id does nothing.
   */
  failPrompt(id: string, error: AnyAuthError): void
  /** Ends everything this client does; it cannot be used again. */
  dispose(): void
}
