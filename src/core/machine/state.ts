import type { Account } from '../account.ts'
import type { IdTokenClaims } from '../claims.ts'
import type { AuthError } from '../errors.ts'
import type { RememberedAccount } from '../remembered.ts'

export const anonymousReasons = [
  'login_required',
  'signed_out',
  'idle',
  'absolute',
  'account_mismatch',
  'timeout',
  'failed',
] as const

/** Why nobody is signed in. `timeout` and `failed` mean *unknown*: `error` tells more. */
export type AnonymousReason = (typeof anonymousReasons)[number]

/** Who is signed in in this browser. It says nothing about freshness: only the backend knows that. */
export type SessionState =
  | { readonly status: 'initializing' }
  | { readonly status: 'anonymous'; readonly reason: AnonymousReason; readonly error?: AuthError }
  | ({ readonly status: 'authenticated'; readonly renewal: Renewal } & SignedIn)

/**
 * How keeping the session alive goes. `failing`: no answer now, it is tried again, and nobody is signed out. `ended`:
 * the OP must ask the person, and what is on screen stays until the person has answered.
 */
export type Renewal =
  | { readonly status: 'ok' }
  | { readonly status: 'failing' | 'ended'; readonly error: AuthError }

/** What is known of a signed-in person. No token is ever part of the state. */
export interface SignedIn {
  readonly account: Account
  readonly claims: IdTokenClaims
  /** Epoch seconds, or null when the OP did not say. */
  readonly accessTokenExpiresAt: number | null
}

/** What the person is asked on screen now. Answer it with `client.answerPrompt(prompt.id, answer)`. */
export type Prompt =
  | {
      readonly id: string
      readonly type: 'step_up'
      readonly action: string
      readonly account: Account
      /** Which of the `triggers` asks, if one does. */
      readonly reason?: string
      /** The popup is open; `lost` when the browser cannot tell whether it still is. */
      readonly window: 'none' | 'open' | 'lost'
    }
  | {
      readonly id: string
      readonly type: 'session_ended'
      readonly account: Account
      readonly window: 'none' | 'open' | 'lost'
    }
  /** The session is there, but the OP wants to ask whether this app may go on knowing the person. */
  | {
      readonly id: string
      readonly type: 'consent_required'
      readonly account: Account
      readonly window: 'none' | 'open' | 'lost'
    }
  | {
      readonly id: string
      readonly type: 'idle_warning'
      /** Epoch seconds. */
      readonly endsAt: number
      readonly reason: SessionLimit['reason']
    }
  | { readonly id: string; readonly type: 'popup_blocked' }
  /** The OP cannot authenticate this person as strongly as `action` needs: another factor, or another account. */
  | {
      readonly id: string
      readonly type: 'step_up_unmet'
      readonly action: string
      readonly account: Account
    }
  | {
      readonly id: string
      readonly type: 'account_mismatch'
      readonly expected: Account
      readonly actual: Account
    }
  /** In another tab somebody else signed in. Until this is answered this tab sends nothing. */
  | {
      readonly id: string
      readonly type: 'account_changed'
      readonly from: Account
      readonly to: Account
    }

/**
 * `continue` is the prompt's purpose (open the popup, go on by redirect), `cancel` leaves everything as it is,
 * `switch` is the way to the other person: goes on as the one who signed in (`account_mismatch`), signs somebody else in
 * (`step_up_unmet`), or signs the former one in again (`account_changed`).
 */
export type PromptAnswer = 'continue' | 'cancel' | 'switch'

/** One thing a person is doing at the OP. They queue: the first one is on screen. */
export interface Interaction {
  readonly id: string
  readonly kind: 'sign_in' | 'step_up' | 'session_ended' | 'consent_required' | 'account_changed'
  /** The step-up's. */
  readonly action: string
  /** The trigger's, if one asks. */
  readonly reason?: string
  /** The only person whose answer counts. Null for a sign-in, which may bring anybody. */
  readonly expected: Account | null
  readonly ladder: readonly ('popup' | 'redirect')[]
  readonly phase:
    | 'queued'
    | 'confirming'
    | 'authenticating'
    | 'blocked'
    | 'mismatched'
    | 'unmet'
    | 'leaving'
    /** Somebody else is about to take over, as soon as nothing of the former person is left. */
    | 'changing'
  readonly prompt: Prompt | null
  /** Somebody else's answer, kept apart until the person has decided. */
  readonly arrival: SignedIn | null
}

/** A step-up that left by a full-page redirect and came back. */
export interface ResumedStepUp {
  readonly action: string
  readonly input: unknown
  readonly idempotencyKey: string
  /** Why it cannot go on, or null. */
  readonly error: AuthError | null
}

/** When the session's own limits end it. */
export interface SessionLimit {
  /** Epoch seconds. */
  readonly endsAt: number
  readonly reason: 'idle' | 'absolute'
  readonly prompt: Prompt | null
}

export interface AuthState {
  readonly session: SessionState
  readonly interactions: readonly Interaction[]
  readonly resumed: ResumedStepUp | null
  /** Null without limits. */
  readonly limit: SessionLimit | null
  /**
   * Whose session this page had last, also after a sign-out. `unknown` while nobody has looked whose data this browser
   * still keeps (`onAccountChange`).
   */
  readonly former: Account | 'unknown' | null
  /** The last used first. */
  readonly remembered: readonly RememberedAccount[]
}

export const initialState: AuthState = {
  session: { status: 'initializing' },
  interactions: [],
  resumed: null,
  limit: null,
  former: null,
  remembered: [],
}

export function selectPrompt(state: AuthState): Prompt | null {
  return state.interactions[0]?.prompt ?? state.limit?.prompt ?? null
}
