import type { AuthClient } from '../client/auth-client.ts'
import type { AuthClientOptions } from '../client/options.ts'
import type { PromptAnswer } from '../core/machine/prompts.ts'
import type { Evil } from './evil.ts'
import type { Script, ScriptedNetwork, TestPerson } from './script.ts'

/** A step-up that left the page by a full-page redirect, and has come back. */
export interface TestPendingStepUp {
  /** The name of the action, as the backend's policies have it. */
  readonly action: string
  /** What the app was about to do. The app gets it as `pending.input` of the action. */
  readonly input: unknown
  /** What the person approves, as the app's own `context` makes it of the input. Default: no context. */
  readonly context?: unknown
  /** The `key` of the component that began it, if several components have this action. Default: no key. */
  readonly key?: string
}

/** How a test client begins. Every option may be left out. */
export interface TestClientOptions {
  /**
   * Who is signed in, from the first render on. Null: nobody. `initializing`: it is not known yet; `endRestore` says
   * it. Default: null.
   */
  readonly session?: TestPerson | null | 'initializing' | undefined
  /** What happens to step-ups: one word for all of them, or a function that is asked for each. Default: `grant`. */
  readonly stepUp?: Script['stepUp'] | undefined
  /** A step-up that has come back from a full-page redirect. It needs a person as `session`. Default: none. */
  readonly pending?: TestPendingStepUp | undefined
  /** The accounts that this browser remembers, with the last used first. Default: none. */
  readonly remembered?: readonly TestPerson[] | undefined
  /**
   * Who signs in at once, without the test, wherever the app lets a person sign in. Null: nobody, so the popup waits
   * for `signInAs`. Default: null.
   */
  readonly signsIn?: TestPerson | null | undefined
  /**
   * The app's own backend: answers each request. Default: the platform's `fetch` at the time of the request. So
   * whatever answers the app's requests in your tests, such as MSW, answers these too.
   *
   * @param request the request that the app has sent
   */
  readonly respond?: ((request: Request) => Response | Promise<Response>) | undefined
  /**
   * The client's own options, as the app has them. Default: the issuer `https://op.example`, the client id `app`, and
   * the freshness endpoint `/api/freshness`.
   */
  readonly options?: Partial<AuthClientOptions> | undefined
}

/** An open popup that waits for a person. */
export interface TestPopup {
  /** The authorization request that the popup shows. Null until it has one. */
  readonly url: string | null
  /** How many times the popup was brought to the front. */
  readonly timesShown: number
}

/** One tab of the browser. A method that returns a promise resolves when everything that it leads to has happened. */
export interface TestTab {
  /** The real client, with the same state machine and the same types. Mount it as the app does. */
  readonly client: AuthClient
  /** The popup that is open. Null if none waits. */
  readonly popup: TestPopup | null
  /**
   * The URL that the page has left for. Null while the page is there. A page that has left for a login does nothing any
   * more; `reload` brings it back. A page that has left to sign out goes on as if it had come back.
   */
  readonly left: string | null
  /**
   * Signs a person in. If a popup waits, e.g. after a click on the app's own button, the person signs in there. If none
   * waits, it calls `client.signIn()` first.
   *
   * @param person who signs in
   * @throws {ConfigurationError} a `ConfigurationError`, if no popup can open or answer. What `client.signIn` throws is
   * thrown too
   */
  signInAs(person: TestPerson): Promise<void>
  /** Signs the person out, in the app and at the OP. */
  signOut(): Promise<void>
  /**
   * Answers the prompt on the screen, as the person would. If a popup opens, the person that it is for signs in there.
   *
   * @param answer the person's answer
   * @param options who signs in in that popup
   * @param options.as the person who signs in. Null: nobody yet, so the popup stays open. Default: the person that it
   * is for
   * @throws {ConfigurationError} a `ConfigurationError`, if there is no prompt
   */
  answerPrompt(answer: PromptAnswer, options?: { readonly as?: TestPerson | null }): Promise<void>
  /**
   * Closes the popup, as the person would.
   *
   * @throws {ConfigurationError} a `ConfigurationError`, if no popup waits
   */
  closePopup(): Promise<void>
  /** Does something in the page, as the person would. It restarts the idle limit. */
  touch(): void
}

/** The clock of a test client. It stands still until it is moved. */
export interface TestClock {
  /** The time in epoch seconds. */
  now(): number
  /**
   * Moves the clock, and runs everything that falls due on the way, in order.
   *
   * @param seconds how many seconds to move it: a whole number, 0 or more
   * @throws {ConfigurationError} a `ConfigurationError`, for any other number
   */
  advance(seconds: number): Promise<void>
}

/**
 * A client and the world around it. A method that returns a promise resolves when everything that it leads to has
 * happened.
 */
export interface TestClient extends TestTab {
  /** The clock of the client, the OP and the backend. It stands still until it is moved. */
  readonly clock: TestClock
  /** What the client and the app have sent, in order. The body of each can be read once. */
  readonly requests: readonly Request[]
  /** What happens to step-ups from now on. It can be set at any time. */
  stepUp: Script['stepUp']
  /**
   * What goes wrong at the OP and at the freshness endpoint from now on, such as `{ refusal: 'stale' }`. Null: nothing.
   * It can be set at any time.
   */
  evil: Evil | null
  /**
   * Moves the clock past the end of the access token. The client then renews the token as it would in the app.
   *
   * @throws {ConfigurationError} a `ConfigurationError`, if nobody is signed in
   */
  expireToken(): Promise<void>
  /**
   * Lets the client find out who is signed in, after `session: 'initializing'`.
   *
   * @param person who is signed in. Null: nobody
   * @throws {ConfigurationError} a `ConfigurationError`, if nothing waits for that: the client is not mounted, or
   * `session` was something else
   */
  endRestore(person: TestPerson | null): Promise<void>
  /**
   * Ends the session at the OP without telling the client. The refresh tokens end too, so only the person can renew the
   * session now.
   */
  endProviderSession(): Promise<void>
  /** Cuts the network: neither the OP nor a backend can be reached from now on. */
  dropNetwork(): void
  /** Restores the network: the OP and the backend can be reached again. */
  restoreNetwork(): Promise<void>
  /** Makes the browser block popups from now on. */
  blockPopups(): void
  /** Makes the browser allow popups again. */
  allowPopups(): void
  /** Opens another tab of the same browser. It has a real client of its own, which is mounted. */
  otherTab(): TestTab
  /**
   * Loads the page again, and gives a new client in the same tab. Do not use the old client any more. A page that has
   * left for the OP comes back with the OP's answer.
   *
   * @param options who is at the OP
   * @param options.as the person who has signed in there. Default: who is signed in there already
   * @returns the client of the new page
   */
  reload(options?: { readonly as?: TestPerson }): TestClient
  /** Does what a backend does first in a guarded call. Use it in `respond`. See `ScriptedNetwork`. */
  readonly requireGrant: ScriptedNetwork['requireGrant']
  /** Says whose access token a request carries; null if the request has no valid one. Use it in `respond`. */
  readonly personOf: ScriptedNetwork['personOf']
  /**
   * Waits until nothing is under way. What waits for the clock, for a person, or for a backend that takes long does not
   * count.
   */
  settled(): Promise<void>
  /** Ends everything, in all tabs. */
  dispose(): void
}
