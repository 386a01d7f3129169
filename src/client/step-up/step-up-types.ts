import type { ApiTarget } from '../../core/api-target.ts'
import type { StepUpSubject } from '../../core/machine/interaction.ts'
import type { StepUpDisplay } from '../../core/step-up-display.ts'

/** What a step-up is about, and who is told how it goes. */
export interface StepUpOptions {
  /** What is approved, as plain JSON: the backend must find the same in what it is then asked to do. */
  readonly context?: unknown | undefined
  /**
   * Says from the `input` what the person approves, for the prompt: `Approve 250.00 to Northwind Paper`, or that as
   * `title` with a short list of `facts`. It is shown as text, in one line each: 120 characters, eight facts. The words of
   * the backend (`display` of its policy) come before these. Default: the action's name in `messages.actions`.
   */
  // A method, so that a function of the app's own type of input fits.
  describe?(input: unknown): string | StepUpDisplay
  /** What to find again after a full-page redirect; JSON. */
  readonly input?: unknown | undefined
  /**
   * Who decides. `backend`: the freshness endpoint, before the action is performed. `access-token`: the resource server
   * that is then called, by what its access tokens say (RFC 9470); nothing is asked before. Default: `backend`.
   */
  readonly decides?: 'backend' | 'access-token' | undefined
  /**
   * What becomes of the session when the backend denies the proof as `stale`: the OP answered the request for a new login
   * with an old one, as when the browser has changed the request. `keep`: nothing. `end_session`: it ends in all tabs, with
   * the reason `login_required`, and the tokens are revoked; the OP's own session stays. The error is thrown either way.
   * Default: `keep`.
   */
  readonly onStale?: 'keep' | 'end_session' | undefined
  /** The `Idempotency-Key` of every attempt at this action. Default: a random one. */
  readonly idempotencyKey?: string | undefined
  /** Who it comes back to after a full-page redirect: `key` of `ActionOptions`. */
  readonly key?: string | undefined
  /** Why the person is asked, for the prompt's words. */
  readonly reason?: string | undefined
  /** Gives the step-up up: it rejects with an `InteractionCancelledError` (`aborted`). Default: nothing does. */
  readonly signal?: AbortSignal | undefined
  /** Called with each stage that the step-up reaches, for what the app shows meanwhile. */
  readonly onStatus?: ((status: StepUpStatus) => void) | undefined
}

/** `waiting`: for another step-up, here or in another tab, that may be enough for this one too. */
export type StepUpStatus = 'checking' | 'waiting' | 'confirming' | 'authenticating' | 'verifying'

/** The backend's word that this person may do this action now: once, and for about a minute. */
export interface Grant {
  /**
   * `client.fetch`, with the grant in its `Step-Up-Grant` header for calls to the freshness endpoint's origin, and
   * there with the `Idempotency-Key` for each request that is no GET or HEAD and has none. Where the answer to a call
   * with the grant refuses it (a 401 that asks for a step-up, or a 403 whose JSON is the guard's `denied`), it rejects
   * with a `StepUpDeniedError` whose `response` can be read. Every other answer comes back as it is.
   */
  readonly fetch: typeof fetch
  /** Seconds; 0 when there is no grant because nothing was asked (`decides: 'access-token'`). */
  readonly expiresIn: number
  /** The same for every attempt at this action, for servers that do nothing twice. */
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
