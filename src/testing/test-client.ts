import type { AuthClient } from '../client/auth-client.ts'
import type { AuthClientOptions } from '../client/options.ts'
import type { PromptAnswer } from '../core/machine/prompts.ts'
import type { Evil } from './evil.ts'
import type { Script, ScriptedNetwork, TestPerson } from './script.ts'

/** A step-up that left by a full-page redirect and is back. */
export interface TestPendingStepUp {
  /** The name of the backend's policy. */
  readonly action: string
  /** What the app was about to do: `pending.input` of the action. */
  readonly input: unknown
  /** What is approved, as the app's own `context` makes it of the input. Default: no context. */
  readonly context?: unknown
  /** Of several components with this action, the one that it comes back to. Default: the app names none. */
  readonly key?: string
}

/** How a test client begins. All of it is optional. */
export interface TestClientOptions {
  /**
   * Who is signed in, from the very first render on. Null: nobody. `initializing`: it has not been found out yet, until
   * `endRestore`. Default: null.
   */
  readonly session?: TestPerson | null | 'initializing' | undefined
  /** What becomes of step-ups: the same for all, or asked for each. Default: `grant`. */
  readonly stepUp?: Script['stepUp'] | undefined
  /** A step-up of the session's person that has come back from a full-page redirect. Default: none. */
  readonly pending?: TestPendingStepUp | undefined
  /** The accounts that this browser remembers, the last used first. Default: none. */
  readonly remembered?: readonly TestPerson[] | undefined
  /**
   * Who signs in by themselves, wherever the app lets a person sign in. Null: nobody, so that the popup waits for
   * `signInAs`. Default: null.
   */
  readonly signsIn?: TestPerson | null | undefined
  /**
   * The app's own backend. Default: the platform's `fetch`, as it is when the request is sent, so that what the app has to
   * answer its requests in tests, such as MSW, answers.
   */
  readonly respond?: ((request: Request) => Response | Promise<Response>) | undefined
  /**
   * The client's own options, as the app has them. Default: an OpenID Provider `https://op.example`, the client id `app`
   * and the freshness endpoint `/api/freshness`.
   */
  readonly options?: Partial<AuthClientOptions> | undefined
}

/** A popup that is open, and waits for a person. */
export interface TestPopup {
  /** The authorization request that it shows; null until it has one. */
  readonly url: string | null
  /** How often it was brought to the front. */
  readonly timesShown: number
}

/** One tab of the browser. */
export interface TestTab {
  /** The real client: the same machine, the same types. Mount it as the app does. */
  readonly client: AuthClient
  /** Null where no popup waits. */
  readonly popup: TestPopup | null
  /**
   * Where the page has left for; null while it is there. A page that has left for a login does nothing any more, and
   * comes back by `reload`. One that has left to sign out goes on, as if it had come back.
   */
  readonly left: string | null
  /**
   * Signs a person in: in the popup that waits for one, as after a click on the app's own button, else by
   * `client.signIn()`.
   *
   * @throws {ConfigurationError} where no popup can open or answer; and what `client.signIn` throws
   */
  signInAs(person: TestPerson): Promise<void>
  /** Signs the person out, here and at the OP. */
  signOut(): Promise<void>
  /**
   * The person answers the prompt on screen. A popup that opens is answered by the person that it is for.
   *
   * @param options `as`: who signs in in that popup. Null: nobody yet, so that it stays open
   * @throws {ConfigurationError} when there is no prompt
   */
  answerPrompt(answer: PromptAnswer, options?: { readonly as?: TestPerson | null }): Promise<void>
  /** The person closes the popup. @throws {ConfigurationError} when none waits */
  closePopup(): Promise<void>
  /** The person does something in the page, which moves the idle limit. */
  touch(): void
}

/** The clock of a test client. It stands still until it is moved. */
export interface TestClock {
  /** Epoch seconds. */
  now(): number
  /** Moves it, and runs all that falls due on the way, in order. @param seconds whole ones, 0 or more */
  advance(seconds: number): Promise<void>
}

/** A client and the world around it. What it does has been done, and has led to all that it leads to, when it resolves. */
export interface TestClient extends TestTab {
  /** The clock that the client, the OP and the backend go by. It stands still until it is moved. */
  readonly clock: TestClock
  /** What the client and the app have sent, in order. Each can be read once. */
  readonly requests: readonly Request[]
  /** What becomes of step-ups from now on. */
  stepUp: Script['stepUp']
  /** What goes wrong at the OP and at the freshness endpoint from now on, such as `{ refusal: 'stale' }`; null: nothing. */
  evil: Evil | null
  /**
   * Moves the clock past the end of the access token, so that it is renewed as it really would.
   *
   * @throws {ConfigurationError} without a session
   */
  expireToken(): Promise<void>
  /**
   * It is found out who is signed in.
   *
   * @throws {ConfigurationError} when nothing waits for that: the client is not mounted, or `session` was another
   */
  endRestore(person: TestPerson | null): Promise<void>
  /** The OP's session ends without a word, and with it the refresh tokens: only the person can renew the session now. */
  endProviderSession(): Promise<void>
  /** From now on neither the OP nor a backend can be reached. */
  dropNetwork(): void
  /** They can be reached again. */
  restoreNetwork(): Promise<void>
  /** From now on the browser blocks popups. */
  blockPopups(): void
  /** From now on it does not. */
  allowPopups(): void
  /** Another tab of the same browser, with a real client of its own, mounted. */
  otherTab(): TestTab
  /**
   * Loads the page again: another client in the same tab of the same browser. A page that has left for the OP comes back
   * with its answer. This client is over.
   *
   * @param options `as`: who has signed in at the OP. Default: who is there
   */
  reload(options?: { readonly as?: TestPerson }): TestClient
  /** For `respond`: what a backend does first in a guarded call. */
  readonly requireGrant: ScriptedNetwork['requireGrant']
  /** For `respond`: whose access token a request carries; null where it has none that is good. */
  readonly personOf: ScriptedNetwork['personOf']
  /** Resolves when nothing is under way but what waits for the clock, for a person, or for a backend that takes long. */
  settled(): Promise<void>
  /** Ends everything, in all tabs. */
  dispose(): void
}
