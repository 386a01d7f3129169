import type { ApiTarget } from '../../core/api-target.ts'
import type { StepUpSubject } from '../../core/machine/interaction.ts'
import type { StepUpDisplay } from '../../core/step-up-display.ts'

/** What a step-up is about, and who is told how it goes. Every option may be left out. */
export interface StepUpOptions {
  /**
   * What is approved, as plain JSON. The backend must find the same in the request that it is then asked to perform.
   * Default: none.
   */
  readonly context?: unknown | undefined
  /**
   * Says what the person approves, for the prompt. It returns text, such as `Approve 250.00 to Northwind Paper`, or
   * that text as `title` with a short list of `facts`. Each is shown as text in one line: at most 120 characters, at
   * most eight facts. The backend's own words (`display` of its policy) replace these. Anything else that is returned
   * is a `ConfigurationError`. Default: the action's name in `messages.actions`.
   *
   * @param input the `input` of this step-up
   */
  // A method, so that a function of the app's own type of input fits.
  describe?(input: unknown): string | StepUpDisplay
  /**
   * What the app needs again after a full-page redirect, as JSON. This tab keeps it in sessionStorage. Default: none.
   */
  readonly input?: unknown | undefined
  /**
   * Who decides whether the login is fresh enough. `backend`: the freshness endpoint, before the action is performed.
   * `access-token`: the resource server that is then called, by what its access tokens say (RFC 9470); nothing is asked
   * before. Default: `backend`.
   */
  readonly decides?: 'backend' | 'access-token' | undefined
  /**
   * What happens to the session when the backend denies the proof as `stale`. Then the OP has answered the request for
   * a new login with an old one, for example because the browser has changed the request. `keep`: nothing happens.
   * `end_session`: the session ends in all tabs with the reason `login_required`, and the tokens are revoked; the OP's
   * own session stays. The error is thrown in both cases. Default: `keep`.
   */
  readonly onStale?: 'keep' | 'end_session' | undefined
  /** The `Idempotency-Key` of every attempt at this action. Default: a random one. */
  readonly idempotencyKey?: string | undefined
  /**
   * Which of several actions of the same name gets this step-up back after a full-page redirect: the `key` of its
   * `ActionOptions`. Default: none.
   */
  readonly key?: string | undefined
  /** Why the person is asked. The prompt of the step-up has it as `reason`. Default: none. */
  readonly reason?: string | undefined
  /**
   * Aborting it gives the step-up up: the promise rejects with an `InteractionCancelledError` (`aborted`). Default:
   * none.
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Called with each stage that the step-up reaches, so that the app can show it. Default: none.
   *
   * @param status the stage
   */
  readonly onStatus?: ((status: StepUpStatus) => void) | undefined
}

/**
 * How far a step-up has come:
 *
 * - `checking`: the backend is asked.
 * - `waiting`: another step-up is under way, here or in another tab, and may be enough for this one too.
 * - `confirming`: the person is asked by a prompt.
 * - `authenticating`: the person is at the OP.
 * - `verifying`: the backend gets the new login.
 */
export type StepUpStatus = 'checking' | 'waiting' | 'confirming' | 'authenticating' | 'verifying'

/** The backend's word that this person may do this action now. It is good for one use, and for about a minute. */
export interface Grant {
  /**
   * Does what `client.fetch` does, and sends the grant in the header `Step-Up-Grant`. Only calls to the origin of the
   * freshness endpoint carry the grant. Such a call also gets the `Idempotency-Key`, unless it is a GET or HEAD or has
   * one already.
   *
   * It rejects with a `StepUpDeniedError` if the answer refuses the grant: a 401 that asks for a step-up, or a 403
   * whose JSON is the guard's `denied`. The answer can be read in the error's `response`. Every other answer comes back
   * as it is.
   */
  readonly fetch: typeof fetch
  /**
   * Seconds that the grant is good for. 0 if there is no grant because nothing was asked (`decides: 'access-token'`).
   */
  readonly expiresIn: number
  /** The same key for every attempt at this action, for servers that do nothing twice. */
  readonly idempotencyKey: string
}

/** One step-up: what it is for, and what goes along with it. */
export interface RunningStepUp extends StepUpSubject {
  readonly input: unknown
  readonly idempotencyKey: string
  readonly key?: string | undefined
  readonly reason?: string | undefined
  readonly onStatus: (status: StepUpStatus) => void
}

/** `client.fetch`, told what the request belongs to. */
export type AuthorizedFetch = (request: Request, subject?: RunningStepUp) => Promise<Response>

/** Sends the same request again, with the session's access token or with another, and with a grant if there is one. */
export type Send = (extra?: { readonly accessToken?: string; readonly grant?: string }) => Promise<Response>

/**
 * Does what a 401 asks for, once, and sends the request again, once. Its answer is the answer, except that a refused
 * grant is thrown as a `StepUpDeniedError`.
 *
 * @param target the API whose access token the request carries; null for the session's own
 */
export type AnswerChallenge = (
  request: Request,
  refused: Response,
  send: Send,
  target: ApiTarget | null,
  subject: RunningStepUp | undefined,
) => Promise<Response>
