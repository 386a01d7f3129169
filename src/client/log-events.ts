import type {
  AuthorizationResponseError,
  IdTokenError,
  InteractionCancelledError,
  StepUpDeniedError,
} from '../core/errors.ts'
import type { Prompt, PromptAnswer } from '../core/machine/prompts.ts'
import type { AnonymousReason } from '../core/machine/state.ts'

/**
 * Why something failed: what an error says to an engineer, without anything secret. `code`, `error`, `claim`, `reason`
 * and `message` are the same as in the error. `error_description` is what the OP says besides. It is cut to 200
 * characters, and what looks like a token, a code or an e-mail address is masked. The whole text is in the error's
 * `parameters`.
 */
export type Failure = {
  /** The error's message: what failed, in words for an engineer. */
  readonly message: string
} & (
  | {
      /** The OP answered with an error, or its answer was refused (`AuthorizationResponseError`). */
      readonly code: AuthorizationResponseError['code']
      /** The OAuth error code, e.g. `invalid_scope`, or why this package refused the response. */
      readonly error: string
      /** What the OP says besides, shortened and masked. Absent where it says nothing. */
      readonly error_description?: string
    }
  | {
      /** An ID Token was refused (`IdTokenError`). */
      readonly code: IdTokenError['code']
      /** The claim that broke a rule, or the part of the token. */
      readonly claim: IdTokenError['claim']
      /** How it broke the rule. */
      readonly reason: IdTokenError['reason']
    }
  | {
      /** The backend refused the proof, or the call with the grant (`StepUpDeniedError`). */
      readonly code: StepUpDeniedError['code']
      /** Why it refused: the guard's code, such as `stale`. */
      readonly reason: StepUpDeniedError['reason']
    }
  | {
      /** The interaction was ended before it was done (`InteractionCancelledError`). */
      readonly code: InteractionCancelledError['code']
      /** What ended it, such as `window_closed`. */
      readonly reason: InteractionCancelledError['reason']
    }
  | {
      /** An error that has nothing to say but its code and its message. */
      readonly code: 'configuration_invalid' | 'account_mismatch' | 'popup_blocked' | 'timeout' | 'network'
    }
)

/**
 * Something that the client did. `type` says what, such as `session.renewed` or `sign_in.failed`. Each type has its own
 * fields and no others. Nothing in an event is secret, and nothing names the person.
 */
export type AuthLogEvent = SessionLogEvent | StepUpLogEvent | VisitLogEvent | FailureLogEvent

/** Hears what the client does. */
export type Logger = (event: AuthLogEvent) => void

type SessionLogEvent =
  /** A session was found: at the OP without asking the person, or in this tab's storage. */
  | { readonly type: 'session.restored' }
  /** The person has just signed in. */
  | { readonly type: 'session.signed_in' }
  /** The session has new tokens. */
  | { readonly type: 'session.renewed' }
  /** Another tab's session is this tab's too. */
  | { readonly type: 'session.adopted' }
  /** Another person takes over; what the app keeps of the former one goes first. */
  | { readonly type: 'account.changing' }
  /** No person is signed in, or it could not be found out: then `cause` says why. */
  | { readonly type: 'session.anonymous'; readonly reason: AnonymousReason; readonly cause?: Failure }
  /** The person signed out, here or elsewhere. */
  | { readonly type: 'session.signed_out' }

/** `action` is absent for a request outside `stepUp`, which a resource server refused by its header alone. */
type StepUpLogEvent =
  /** The backend is asked whether the login is fresh enough. */
  | { readonly type: 'freshness.asked'; readonly action: string }
  /** The backend wants a newer or stronger login. */
  | { readonly type: 'freshness.challenged'; readonly action: string }
  /** The backend has given a grant. */
  | { readonly type: 'freshness.granted'; readonly action?: string }
  /** The new login goes to the backend. */
  | { readonly type: 'proof.sent'; readonly action?: string }
  /** The backend refused it. One that was had in silence may be refused, and the person is asked then. */
  | { readonly type: 'proof.denied'; readonly action?: string; readonly reason: StepUpDeniedError['reason'] }
  /** A request carries the grant. */
  | { readonly type: 'grant.used'; readonly action?: string }
  /** One of the `triggers` asks the backend; `reason` is its name. */
  | { readonly type: 'trigger.fired'; readonly action: string; readonly reason: string }

type VisitLogEvent =
  /** The person is asked something on screen. */
  | { readonly type: 'prompt.shown'; readonly prompt: Prompt['type'] }
  | { readonly type: 'prompt.answered'; readonly prompt: Prompt['type']; readonly answer: PromptAnswer }
  | { readonly type: 'popup.opened' }
  /** The browser refused to open it. */
  | { readonly type: 'popup.blocked' }
  /** The person closed it, or the browser does not tell any more whether it is open. */
  | { readonly type: 'popup.closed' }
  /** The page leaves for the OP. */
  | { readonly type: 'redirect.started' }
  /** The page is back from there. */
  | { readonly type: 'redirect.returned' }

type FailureLogEvent =
  /** A visit to the OP, or what led to it, has failed or was given up. */
  | ({ readonly type: 'interaction.failed' } & Failure)
  /** There are no new tokens. `isFinal`: only the person can help; otherwise it is tried again. */
  | ({ readonly type: 'renewal.failed'; readonly isFinal: boolean } & Failure)
  /** `signIn`, `signUp`, `switchAccount` or `addAccount` has rejected. */
  | ({ readonly type: 'sign_in.failed' } & Failure)
  /** `stepUp` or `resumeStepUp` has rejected, which `useStepUp` and `action` call too. */
  | ({ readonly type: 'step_up.failed'; readonly action?: string } & Failure)
  /** `signOut` has rejected: the session here is over, and the OP's may not be. */
  | ({ readonly type: 'sign_out.failed' } & Failure)
  /** The userinfo endpoint has said nothing of the person that may be used, so names may be missing (`userInfo`). */
  | ({ readonly type: 'userinfo.failed' } & Failure)
  /** The OP could not be told that the tokens are of no more use. */
  | ({ readonly type: 'revocation.failed' } & Failure)
