import type { Account } from '../core/account.ts'
import type { AnyAuthError } from '../core/errors.ts'
import type { PromptAnswer } from '../core/machine/prompts.ts'
import type { AuthState } from '../core/machine/state.ts'
import type { ReadonlyStore } from './run-machine.ts'
import type { Action, ActionOptions, Perform } from './step-up/action-options.ts'
import type { Grant, StepUpOptions } from './step-up/step-up-types.ts'

/** How a sign-in asks the OP. Every option may be left out. */
export interface SignInOptions {
  /**
   * The `prompt` that is sent: `login` for a new login, or `select_account` to choose another account. It is checked
   * against what the OP and the `provider` list; another value is a `ConfigurationError`. With `login`, an answer whose
   * login is older than this request is refused (`IdTokenError`: `auth_time` is `too_old`). If the OP does not tell
   * `auth_time`, the age of the login is *not* checked, and only a backend can rely on it. Default: the client's
   * `prompt`.
   */
  readonly prompt?: string | undefined
  /**
   * A hint to the OP who the person may be, such as an e-mail address (`login_hint`). Another person may come back all
   * the same. Default: none.
   */
  readonly loginHint?: string | undefined
  /**
   * The greatest age of the login, in seconds, 0 or more (`max_age`). An answer with an older login is refused. Only a
   * backend can rely on that. Default: none; with `session.absolute` the OP is asked for that age, and an older login
   * is taken.
   */
  readonly maxAge?: number | undefined
  /**
   * How strong the login should be: values of `acr`, in order of preference. An answer with another `acr` is refused.
   * Only a backend can rely on that. Default: the client's `acrValues`.
   */
  readonly acrValues?: readonly string[] | undefined
  /** The language of the OP's pages: BCP 47 tags, separated by spaces. Default: the client's `uiLocales`. */
  readonly uiLocales?: string | undefined
  /**
   * More parameters for this request, by their names on the wire. If the client's `authorizationParams` or the
   * provider's profile has a parameter of the same name, the one from here is sent. One of the protocol's own
   * parameters, such as `scope`, is a `ConfigurationError`. Default: none.
   */
  readonly authorizationParams?: Readonly<Record<string, string>> | undefined
  /** The page that a full-page redirect comes back to: a path or URL of this origin. Default: this page. */
  readonly returnTo?: string | undefined
  /**
   * Aborting it gives the sign-in up: the promise rejects with an `InteractionCancelledError` (`aborted`), and the
   * popup closes. Default: none.
   */
  readonly signal?: AbortSignal | undefined
}

/** Which access token is wanted, and how long it must last. */
export interface AccessTokenOptions {
  /** Seconds that the token must still be good for. Default: 30. */
  readonly minValidity?: number | undefined
  /** The API that the token is for, as the OP knows it (RFC 8707 §2). Default: the client's `resource`. */
  readonly resource?: string | undefined
  /**
   * The token's scopes, separated by spaces. Default: all that the sign-in has asked for. If the OP knows an API by its
   * scopes alone (`resourceParam: 'none'` in its profile), another `resource` needs a `scope`.
   */
  readonly scope?: string | undefined
}

/** How a switch of accounts asks the OP: the options of `signIn` without `prompt` and `loginHint`. */
export type SwitchOptions = Omit<SignInOptions, 'prompt' | 'loginHint'>

/** How a switch of accounts ended. */
export interface Switched {
  /** The account that is signed in now. It is the former one if `changed` is false. */
  readonly account: Account
  /** Whether another person is signed in now. False: the same person came back, and nothing has changed. */
  readonly changed: boolean
}

/** What an app can do with its session, inside React and outside. */
export interface AuthClient {
  /** The client's state, to read: `getState`, `getInitialState`, `subscribe`. */
  readonly store: ReadonlyStore<AuthState>
  /**
   * Starts the client. The first call finds out who is signed in. `<AuthProvider>` calls it for a React app.
   *
   * @returns a function to call when the app is done with the client
   */
  mount(): () => void
  /**
   * Resolves once it is known who is signed in, or once that cannot be known now. It takes at most `timeLimit` seconds.
   * It is for code outside components, such as a router's loader; `fetch` and `getAccessToken` wait by themselves. It
   * never rejects: the state shows the outcome.
   */
  ready(): Promise<void>
  /**
   * Finds out once more who is signed in, if that is unknown because the OP could not be reached (`session.reason` is
   * `timeout` or `failed`). The client does the same by itself when the page is back or online, and from time to time.
   *
   * This call may make the page leave for the OP. By itself, the client leaves only at the first load, or before the
   * person has begun to use the page. If a try is under way, the call waits for that one. It never rejects: the state
   * shows the outcome.
   */
  restore(): Promise<void>
  /**
   * Signs a person in, in a popup or by a full-page redirect. Call it from a click, or the browser blocks the popup.
   *
   * @param options how the OP is asked. Default: the client's own options
   * @returns the account that is signed in. The promise does not resolve if the page leaves for the OP
   * @throws `InteractionCancelledError`, `AuthorizationResponseError`, `IdTokenError`, `PopupBlockedError`,
   * `AuthTimeoutError`, `NetworkError`; `ConfigurationError` before anything leaves the page
   * @see OpenID Connect Core 1.0 §3.1.2.1
   */
  signIn(options?: SignInOptions): Promise<Account>
  /**
   * Does what `signIn` does, but the OP shows its form for new people: as the provider's profile says (`signUp`), else
   * by `prompt=create`. The person who comes back may have had an account already.
   *
   * @param options how the OP is asked, as for `signIn`
   * @returns the account that is signed in
   * @throws `ConfigurationError` if the OP is not known to have such a form, and what `signIn` throws. If the OP
   * answers with a page of its own instead, the call ends with an `InteractionCancelledError` when the person closes
   * that page
   * @see Initiating User Registration via OpenID Connect 1.0 §4
   */
  signUp(options?: Omit<SignInOptions, 'prompt'>): Promise<Account>
  /**
   * Functions to go on as another person. Call them from a click, or the browser blocks the popup. The OP's session and
   * the sessions of other apps stay.
   *
   * It is different with a `provider` that says `accountSelection: 'sign_out'`. There a prompt (`sign_out_first`) says
   * that the session ends first, here and at the OP. The page leaves to sign out, comes back, and leaves again for the
   * sign-in of the other person. So the promise does not resolve. The state of the page that comes back shows who is
   * signed in.
   */
  readonly accounts: {
    /**
     * Lets a person sign in with another account. With `to`, the OP gets that account as a hint, so a third person may
     * come back. Without `to`, the person chooses at the OP: as the `provider` says (`accountSelection`), else by
     * `prompt=select_account` if the OP or the `provider` lists it, else by `prompt=login`. Another person's session is
     * shown only when nothing of the former person's is left: see `onAccountChange`.
     *
     * @param to the account to sign in with. Default: the person chooses
     * @param options how the OP is asked
     * @returns who is signed in now, and whether that is another person
     * @throws what `signIn` throws; also `ConfigurationError` if the person must be signed out first and the OP has no
     * page for that. After an error the session is as it was
     */
    switchAccount(to?: Account, options?: SwitchOptions): Promise<Switched>
    /**
     * Lets a person sign in with another account, always with the OP's login form (`prompt=login`).
     *
     * @param options how the OP is asked
     * @returns the account that is signed in now
     * @throws what `switchAccount` throws
     */
    addAccount(options?: SwitchOptions): Promise<Account>
    /**
     * Forgets one remembered account, or all of them. The session stays.
     *
     * @param account the account to forget. Default: all
     */
    forget(account?: Account): Promise<void>
  }
  /**
   * Forgets the session here at once, whatever the network does. Then the page leaves to end the OP's session too, in
   * the way that the `provider` says, if the OP has a page for that. If the page does not leave, the promise resolves
   * once the tokens are revoked or their revocation has failed.
   *
   * @param options where the person comes back to
   * @param options.returnTo a path or URL of this origin. Default: this page
   * @throws `ConfigurationError` if `returnTo` is not of this origin: the session then goes on. These leave the session
   * ended here: `NetworkError` and `AuthTimeoutError` if the OP cannot be asked where to go, `ConfigurationError` if
   * sessionStorage is forbidden
   * @see OpenID Connect RP-Initiated Logout 1.0 §2
   */
  signOut(options?: { readonly returnTo?: string | undefined }): Promise<void>
  /**
   * Renews the session's tokens without showing anything. One renewal runs at a time, and all callers get its outcome.
   * A session that ends meanwhile is no error.
   *
   * @throws `InteractionRequiredError` if no person is signed in, or if only the person can renew the session;
   * `AccountMismatchError` if another person has signed in (a prompt asks about that); `AuthorizationResponseError`,
   * `IdTokenError`, `NetworkError`, `AuthTimeoutError`. After an error the session is as it was
   */
  renew(): Promise<void>
  /**
   * Gives an access token, and renews it first if it would not last. Without `resource` and `scope` it is the session's
   * own token. With one of them it is the token for that API, which is kept beside the session's own. All callers and
   * all tabs share one refresh, or one visit in a hidden frame. If a renewal fails for now, a token that is still good
   * is given.
   *
   * Name the API in the option `api` too. Each sign-in asks only for what stands there, and a refresh can bring only
   * that.
   *
   * @param options `minValidity`: seconds that the token must still be good for (default: 30). `resource`: the API that
   * it is for (default: the client's `resource`). `scope`: its scopes, separated by spaces (default: all that the
   * sign-in has asked for)
   * @throws `InteractionRequiredError` if no person is signed in; `AccountMismatchError` while it is undecided whose
   * session this page shows; `InteractionCancelledError` if only the person can renew the session or consent, and does
   * not; `ConfigurationError` if the OP, as it is set up, gives no token for that API; what `renew` throws, if the
   * token is no longer good
   */
  getAccessToken(options?: AccessTokenOptions): Promise<string>
  /**
   * Does what the browser's `fetch` does, with an access token on requests to the origins in `api`. No other request
   * gets a token.
   *
   * An API at these origins may ask for more, once for each request. It may ask for a new token (`invalid_token`). It
   * may ask for another scope (`insufficient_scope`, RFC 6750 §3.1): that is had in silence, or by the person's
   * consent. It may ask for a fresher or stronger login (RFC 9470, and Microsoft's `insufficient_claims`): the person
   * is asked if silence is not enough. Then the request is sent once more, and the second answer is the result. If a
   * scope cannot be had, the API's refusal is the result.
   *
   * @throws what the browser's `fetch` throws: `TypeError`, also for a redirect of a request that carries a token or a
   * grant, and the reason of the request's signal. For the origins in `api` also what `getAccessToken` and `stepUp`
   * throw, and `AccountMismatchError` if another person takes over meanwhile
   */
  readonly fetch: typeof fetch
  /**
   * Asks the backend whether this person may do `action` now. If the backend wants proof, the person is sent to the OP.
   *
   * @param action the name of the backend's policy
   * @param options what the step-up is about
   * @returns the grant, for the call that does the action
   * @throws `StepUpDeniedError`, `StepUpUnmetError`, `AccountMismatchError`, `InteractionCancelledError`;
   * `ConfigurationError` without `freshness.endpoint` (unless `decides` is `access-token`), or with a `provider` that
   * can do no step-up; and what `signIn` throws
   */
  stepUp(action: string, options?: StepUpOptions): Promise<Grant>
  /**
   * Goes on with the step-up that came back from a full-page redirect (`state.resumed`). If it came back with a login
   * for the backend, the backend gets that login as proof. Otherwise only a resource server had asked, and the step-up
   * asks again. It works once for each step-up that comes back.
   *
   * @param options give `context` and `decides` as they were given to `stepUp`: the redirect does not keep them
   * @throws `ConfigurationError` if no step-up has come back; the error that it came back with; what `stepUp` throws
   */
  resumeStepUp(
    options?: Pick<StepUpOptions, 'signal' | 'onStatus' | 'context' | 'decides' | 'onStale'>,
  ): Promise<Grant>
  /**
   * Gives up the step-up that came back from a full-page redirect (`state.resumed`), if it is for this action.
   * Otherwise it does nothing.
   *
   * @param action the action's name; null for a request that a resource server refused by its header alone
   */
  discardStepUp(action: string | null): void
  /**
   * Makes a sensitive action behind a step-up, with a store of its own. It is `useStepUp` without React. It joins
   * repeated calls, keeps the idempotency key for a retry, and goes on after a full-page redirect.
   *
   * @param name the name of the backend's policy
   * @param perform what to do once the backend has granted the action; the `fetch` of its grant carries the grant
   * @param options an object, or a function that is asked each time the options are needed
   */
  action<Input, Result>(
    name: string,
    perform: Perform<Input, Result>,
    options?: ActionOptions<Input> | (() => ActionOptions<Input>),
  ): Action<Input, Result>
  /**
   * Says that the person is there. That moves the idle limit (`session.idle`) and no other; without an idle limit it
   * moves nothing. If a limit of the session has passed by then, the session ends.
   */
  extendSession(): void
  /**
   * Answers the prompt on screen. Call it from a click, or the browser blocks the popup. The id of a former prompt does
   * nothing.
   *
   * @param id the `id` of the prompt
   * @param answer what the person has chosen
   */
  answerPrompt(id: string, answer: PromptAnswer): void
  /**
   * Ends what the prompt on screen is about, for an app that cannot show the prompt. The call that waits for the answer
   * rejects with `error`. An `idle_warning` and `account_changed` stay, since no call waits for them. The id of a
   * former prompt does nothing.
   *
   * @param id the `id` of the prompt
   * @param error why the prompt cannot be shown
   */
  failPrompt(id: string, error: AnyAuthError): void
  /** Ends everything that this client does. The client cannot be used again. The OP's session stays. */
  dispose(): void
}
