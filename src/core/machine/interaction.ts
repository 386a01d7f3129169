import type { Account } from '../account.ts'
import type { AnyAuthError } from '../errors.ts'
import type { StepUpDisplay } from '../step-up-display.ts'
import type { SignedIn } from '../tokens.ts'

/** A way to show the OP to a person. */
export type Rung = 'popup' | 'redirect'

/** The ways to show the OP to a person, `popup` and `redirect`, in order of preference. */
export type Ladder = readonly [Rung, ...Rung[]]

/** A sign-in may bring any person. It starts inside a click, so it needs no prompt. */
export interface SignInGoal {
  readonly kind: 'sign_in'
}

/** Another person wants to sign in, and the session of `account` must end first. A prompt says so. */
export interface SwitchGoal {
  readonly kind: 'switch_account'
  readonly account: Account
}

/** What a step-up is for. */
export interface StepUpSubject {
  /** Null when a resource server asks, by its header alone. */
  readonly action: string | null
  /** What the person approves, in the backend's words or else in the app's. */
  readonly display?: StepUpDisplay
}

/** What only one person can do, in a visit that a prompt leads to. `account` is the only person whose answer counts. */
export type PersonalGoal =
  | ({
      readonly kind: 'step_up'
      readonly account: Account
      /** Which of the `triggers` asks, if one does. */
      readonly reason?: string
    } & StepUpSubject)
  | { readonly kind: 'session_ended' | 'consent_required'; readonly account: Account }

/** What a visit to the OP is for. */
export type Goal = SignInGoal | SwitchGoal | PersonalGoal

/** The visit waits for other interactions, or for the person's click. */
export type BeforeOp = { readonly at: 'queue' } | { readonly at: 'prompt' }

/** The person is at the OP, or on the way there. `lost`: the browser cannot tell whether the popup is still open. */
export type AtOp =
  | { readonly at: 'popup'; readonly window: 'open' | 'lost' }
  | { readonly at: 'blocked_popup' }
  | { readonly at: 'redirect' }

/** One person's visit to the OP, from the question to the answer. */
export type Visit = { readonly type: 'visit'; readonly id: string; readonly ladder: Ladder } & (
  | { readonly goal: SignInGoal; readonly place: AtOp }
  | { readonly goal: SwitchGoal; readonly place: { readonly at: 'prompt' } | AtOp }
  | { readonly goal: PersonalGoal; readonly place: BeforeOp | AtOp }
)

/**
 * `sign_in`: the person has just signed in. `op`: the OP has told this tab without asking the person. `tab` and
 * `storage`: this browser had the tokens already.
 */
export type TokenOrigin = 'sign_in' | 'op' | 'tab' | 'storage'

/** A session that has arrived. Its tokens wait under the interaction's id. */
export interface Arrival {
  readonly signedIn: SignedIn
  readonly origin: TokenOrigin
  /** How a sign-in by redirect failed that this page has come back from; the person has not seen it yet. */
  readonly failure?: AnyAuthError
}

/** Another person answered where one was expected. The answer is kept apart until the person has decided. */
export interface Mismatch {
  readonly type: 'mismatch'
  readonly id: string
  readonly goal: PersonalGoal
  readonly arrival: Arrival
}

/** Another tab has another person's session now. */
export interface AccountQuestion {
  readonly type: 'account_question'
  readonly id: string
  readonly from: Account
  readonly arrival: Arrival
  /** The person wants to be asked later. */
  readonly isPutOff: boolean
}

/** The OP cannot do what `action` needs of it. */
export interface UnmetStepUp extends StepUpSubject {
  readonly type: 'unmet_step_up'
  readonly id: string
  readonly account: Account
}

/** Another person takes over, as soon as nothing of the former one is left. */
export interface AccountSwitch {
  readonly type: 'account_switch'
  readonly id: string
  /** The person that the interaction was about, if it was about one. */
  readonly expected: Account | null
  readonly arrival: Arrival
}

/** Interactions queue: the first one is on screen. */
export type Interaction = Visit | Mismatch | AccountQuestion | UnmetStepUp | AccountSwitch

/** The only person whose answer counts, or null where any person may come. */
export function expectedBy(interaction: Interaction): Account | null {
  switch (interaction.type) {
    case 'visit':
      return isPersonal(interaction.goal) ? interaction.goal.account : null
    case 'mismatch':
      return interaction.goal.account
    case 'account_question':
      return interaction.from
    case 'unmet_step_up':
      return interaction.account
    case 'account_switch':
      return interaction.expected
  }
}

/** Whether only one person's answer counts; else it may change whose session it is. */
export function isPersonal(goal: Goal): goal is PersonalGoal {
  return goal.kind !== 'sign_in' && goal.kind !== 'switch_account'
}

/** Whether the interaction has no purpose any more once the session's own person is back. */
export function endsWithReturn(interaction: Interaction): boolean {
  switch (interaction.type) {
    case 'visit':
    case 'mismatch':
      return isForReturn(interaction.goal)
    case 'account_question':
      return true
    case 'unmet_step_up':
    case 'account_switch':
      return false
  }
}

function isForReturn({ kind }: Goal): boolean {
  switch (kind) {
    case 'session_ended':
    case 'consent_required':
      return true
    case 'sign_in':
    case 'switch_account':
    case 'step_up':
      return false
  }
}
