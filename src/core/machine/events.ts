import type { Account } from '../account.ts'
import type { AnyAuthError } from '../errors.ts'
import type { RememberedAccount } from '../remembered-accounts.ts'
import type { SignedIn } from '../tokens.ts'
import type { Goal, Ladder, StepUpSubject, TokenOrigin } from './interaction.ts'
import type { PromptAnswer } from './prompts.ts'
import type { AnonymousReason, ResumedStepUp, SessionLimit } from './state.ts'

/** Everything that can happen. Where there is a `signedIn`, its tokens wait in the vault under the event's `id`. */
export type AuthEvent = SessionEvent | VisitEvent | PromptEvent

export type SessionEvent =
  | {
      readonly type: 'session.found' | 'session.renewed'
      readonly id: string
      readonly signedIn: SignedIn
      readonly origin: TokenOrigin
      readonly failure?: AnyAuthError
    }
  | {
      readonly type: 'session.missing'
      readonly reason: AnonymousReason
      readonly error?: AnyAuthError
      readonly isStillUnknown?: true
    }
  /** Another tab's session, which is this tab's too. */
  | { readonly type: 'session.adopted'; readonly id: string; readonly signedIn: SignedIn }
  | { readonly type: 'session.ended'; readonly reason: AnonymousReason }
  /**
   * This browser has moved on without this page, which was away: its session is over, and it is to be found out who is
   * signed in now. `isClosed`: the person of this page has signed out.
   */
  | { readonly type: 'session.outdated'; readonly isClosed: boolean }
  /** The OP answered in silence, for another person than it was asked about. */
  | {
      readonly type: 'session.mismatched'
      readonly id: string
      readonly expected: Account
      readonly signedIn: SignedIn
    }
  | { readonly type: 'renewal.failed'; readonly error: AnyAuthError; readonly final: boolean }
  /** Nothing of the former person is left, or the app could not see to that. */
  | { readonly type: 'former_person.forgotten'; readonly id: string; readonly error?: AnyAuthError }
  /** Something was to be done for a person who may not be the one in front of the screen any more. */
  | { readonly type: 'account_question.due' }
  | { readonly type: 'accounts.remembered'; readonly remembered: readonly RememberedAccount[] }
  | { readonly type: 'limit.changed'; readonly limit: SessionLimit }
  | { readonly type: 'step_up.resumed'; readonly resumed: ResumedStepUp | null }
  /** The OP cannot do what `action` needs of it. */
  | ({ readonly type: 'step_up.unmet'; readonly id: string; readonly account: Account } & StepUpSubject)

export type VisitEvent =
  | { readonly type: 'visit.requested'; readonly id: string; readonly goal: Goal; readonly ladder: Ladder }
  | {
      readonly type: 'visit.answered'
      readonly id: string
      readonly signedIn: SignedIn
    }
  /** The OP has answered, and only the backend can read by whom. */
  | { readonly type: 'visit.returned'; readonly id: string }
  | { readonly type: 'interaction.failed'; readonly id: string; readonly error: AnyAuthError }
  | { readonly type: 'popup.blocked' | 'popup.lost'; readonly id: string }

export interface PromptEvent {
  readonly type: 'prompt.answered'
  readonly id: string
  readonly answer: PromptAnswer
}
