import type { Account } from '../account.ts'
import type { AnyAuthError } from '../errors.ts'
import type { RememberedAccount } from '../remembered-accounts.ts'
import type { SignedIn } from '../tokens.ts'
import type { Interaction, StepUpSubject } from './interaction.ts'

export const anonymousReasons = [
  'login_required',
  'signed_out',
  'idle',
  'absolute',
  'account_mismatch',
  'timeout',
  'failed',
] as const

/** Why no person is signed in. `timeout` and `failed` may mean that this is *unknown*: the session's `error` tells. */
export type AnonymousReason = (typeof anonymousReasons)[number]

/**
 * Whether it is unknown who is signed in, because the OP could not be reached or gave no answer. That is not final, and
 * says nothing about any person.
 */
export function isUnknown(session: SessionState): boolean {
  if (session.status !== 'anonymous') return false
  const { reason, error, isStillUnknown = false } = session
  return isStillUnknown || hasNoAnswer(reason, error)
}

/**
 * Whether a search for the session that ended so has had no answer from the OP. An `onAccountChange` that takes too long
 * is `failed` with a time-out, and asking the OP again would not mend that.
 */
export function hasNoAnswer(reason: AnonymousReason, error: AnyAuthError | undefined): boolean {
  return reason === 'timeout' ? error?.code === 'timeout' : reason === 'failed' && error?.code === 'network'
}

/** Whether it is to be found out, or found out again, who is signed in. */
export function isUndecided(session: SessionState): boolean {
  if (session.status === 'authenticated') return session.renewal.status === 'outdated'
  return session.status === 'initializing' || isUnknown(session)
}

/** Who is signed in in this browser. It says nothing about freshness: only the backend knows that. */
export type SessionState =
  | {
      /** It is not yet known who is signed in. `client.ready()` waits for that. */
      readonly status: 'initializing'
    }
  | {
      /** No person is signed in, or it is unknown who is signed in: see `reason`. */
      readonly status: 'anonymous'
      /**
       * Why no person is signed in. `login_required`: the OP knows no person in this browser, or does not say so in a
       * frame. `signed_out`: the person signed out. `idle` and `absolute`: a limit of the session ended it.
       * `account_mismatch`: another person has signed in, and a prompt asks about that. `timeout` and `failed`:
       * something failed, and it may be *unknown* who is signed in.
       */
      readonly reason: AnonymousReason
      /** The error of the search for the session, or of a sign-in by redirect that failed. Absent if nothing failed. */
      readonly error?: AnyAuthError
      /** Set if `error` is that of a sign-in and it is still unknown who is signed in. */
      readonly isStillUnknown?: true
    }
  | ({
      /** A person is signed in. */
      readonly status: 'authenticated'
      /** How keeping the session alive goes: `ok`, or what is wrong, with the error. */
      readonly renewal: RenewalState
      /**
       * Why a sign-in or a switch by redirect failed that this page came back from. It is gone when the next one
       * starts.
       */
      readonly error?: AnyAuthError
    } & SignedIn)

/** How keeping the session alive goes. */
export type RenewalState =
  | {
      /** The session is kept. */
      readonly status: 'ok'
    }
  | {
      /**
       * `failing`: no answer now, it is tried again, and the person stays signed in. `ended`: the OP must ask the
       * person, and what is on screen stays until the person has answered. `outdated`: another person seems to have
       * signed in elsewhere in this browser, which is being found out; nothing is sent meanwhile.
       */
      readonly status: 'failing' | 'ended' | 'outdated'
      /** Why. */
      readonly error: AnyAuthError
    }

/** A step-up that left by a full-page redirect and came back. */
export interface ResumedStepUp extends StepUpSubject {
  readonly input: unknown
  readonly idempotencyKey: string
  /** Which of several callers of the action it is for, as the app names them; absent where the app does not. */
  readonly key?: string
  /** Why it cannot go on, or null. */
  readonly error: AnyAuthError | null
}

/** When the session's own limits end it. */
export interface SessionLimit {
  /** Of its prompt: each warning has its own. */
  readonly id: string
  /** Epoch seconds. */
  readonly endsAt: number
  readonly reason: 'idle' | 'absolute'
  /** Whether the person is warned now. */
  readonly warns: boolean
  /** Whether the person has answered the warning of this end, so that it is shown no more. */
  readonly isAnswered: boolean
}

/**
 * Whose session this page had last, also after a sign-out. `unknown`: this browser may still keep data of a person
 * that this page has not met (`onAccountChange`).
 */
export type FormerPerson =
  | { readonly status: 'none' | 'unknown' }
  | { readonly status: 'known'; readonly account: Account }

/** Everything that the client knows and shows. It holds no token. */
export interface AuthState {
  /** Who is signed in here. */
  readonly session: SessionState
  /**
   * What is under way with the person, in order. The first one is on screen. `selectPrompt` says what to show for it.
   */
  readonly interactions: readonly Interaction[]
  /** A step-up that came back from a full-page redirect, until its action takes it. Null without one. */
  readonly resumed: ResumedStepUp | null
  /**
   * When the session's own limits end it (`endsAt`, epoch seconds), and whether the person is warned now (`warns`).
   * Null without limits.
   */
  readonly limit: SessionLimit | null
  /** Whose session this page showed last. The client decides by it whether `onAccountChange` must be called. */
  readonly former: FormerPerson
  /**
   * The account that this tab showed last, also before a reload, until that person signs out. No other person takes
   * this person's place without a question, unless the other person signs in in this tab.
   */
  readonly lastShown: Account | null
  /** The accounts that this browser remembers (`rememberAccounts`), the last used first. */
  readonly remembered: readonly RememberedAccount[]
}

export const initialState: AuthState = {
  session: { status: 'initializing' },
  interactions: [],
  resumed: null,
  limit: null,
  former: { status: 'none' },
  lastShown: null,
  remembered: [],
}
