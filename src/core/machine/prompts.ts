import type { Account } from '../account.ts'
import type { Interaction, StepUpSubject, Visit } from './interaction.ts'
import type { AuthState, SessionLimit } from './state.ts'

/**
 * What the person is asked on screen now. Answer it with `client.answerPrompt(prompt.id, answer)`. `type` says what it
 * is about:
 *
 * - `sign_in`: a sign-in goes on in a popup, and the browser can no longer tell whether that popup is open.
 * - `step_up`: the person has to confirm an action by signing in once more.
 * - `session_ended`: the session has ended at the OP, and only the person can renew it.
 * - `consent_required`: the OP wants to ask whether this app may go on knowing the person.
 * - `sign_out_first`: this person must be signed out before another person can sign in.
 * - `idle_warning`: a limit of the session ends it at `endsAt` (epoch seconds).
 * - `popup_blocked`: the browser has blocked the popup.
 * - `step_up_unmet`: the OP cannot authenticate this person as strongly as the action needs.
 * - `account_mismatch`: another person signed in where only the person of this session could confirm.
 * - `account_changed`: another person signed in in another tab. Until the answer, this tab sends nothing.
 */
export type Prompt = {
  /** Which prompt this is, for `client.answerPrompt`. A late answer to a former prompt does nothing. */
  readonly id: string
} & (
  | {
      /** A sign-in waits for its popup. It starts within a click, so it asks only when that popup is lost. */
      readonly type: 'sign_in'
      /** The browser cannot tell any more whether the popup is open. */
      readonly window: 'lost'
    }
  | ({
      /** The person has to confirm an action, by signing in once more. */
      readonly type: 'step_up'
      /** Whose session it is: nobody else's login counts. */
      readonly account: Account
      /** Which of the `triggers` asks, if one does. */
      readonly reason?: string
      /** The popup in which the person signs in. */
      readonly window: PromptWindow
    } & StepUpSubject)
  | {
      /** The session has ended at the OP, and only the person can renew it. What is on screen stays. */
      readonly type: 'session_ended'
      /** Whose session has ended. */
      readonly account: Account
      /** The popup in which the person signs in. */
      readonly window: PromptWindow
      /** Whether `continue` leaves this page for the OP, where redirects come first: what is not kept is lost. */
      readonly leavesPage: boolean
    }
  | {
      /** The session is there, but the OP wants to ask whether this app may go on knowing the person. */
      readonly type: 'consent_required'
      /** Who has to consent. */
      readonly account: Account
      /** The popup in which the OP asks. */
      readonly window: PromptWindow
      /** Whether `continue` leaves this page for the OP, where redirects come first: what is not kept is lost. */
      readonly leavesPage: boolean
    }
  | {
      /** Another person wants to sign in, and the OP allows it only once this one is signed out, here and there. */
      readonly type: 'sign_out_first'
      /** Who is signed out by `continue`. */
      readonly account: Account
    }
  | {
      /** The session is about to end by a limit of its own. An answer moves the idle limit, not the absolute one. */
      readonly type: 'idle_warning'
      /** Epoch seconds. */
      readonly endsAt: number
      /** Which limit ends it: `session.idle`, or `session.absolute`. */
      readonly reason: SessionLimit['reason']
    }
  | {
      /** The browser blocked the popup; `continue` goes on by a full-page redirect. */
      readonly type: 'popup_blocked'
    }
  | ({
      /** The OP cannot authenticate this person as strongly as `action` needs: another factor, or another account. */
      readonly type: 'step_up_unmet'
      /** Whose login is not strong enough. */
      readonly account: Account
    } & StepUpSubject)
  | {
      /** Another person signed in where the person of this session had to. */
      readonly type: 'account_mismatch'
      /** Whose session it is. */
      readonly expected: Account
      /** Who signed in. */
      readonly actual: Account
    }
  | {
      /** Another person signed in in another tab. Until this is answered this tab sends nothing. */
      readonly type: 'account_changed'
      /** Whose session this tab shows. */
      readonly from: Account
      /** Who signed in in the other tab. */
      readonly to: Account
    }
)

/** Whether the prompt's popup is open; `lost` when the browser cannot tell whether it still is. */
export type PromptWindow = 'none' | 'open' | 'lost'

/**
 * What the person has chosen. `continue`: go on with what the prompt is for, in the popup or by a redirect. `cancel`:
 * leave everything as it is. `switch`: go to the other person. With `account_mismatch` the session goes on as the
 * person who signed in; with `step_up_unmet` another person signs in; with `account_changed` the former person signs in
 * again.
 */
export type PromptAnswer = 'continue' | 'cancel' | 'switch'

/**
 * The prompt on screen: the prompt of the first interaction, else the warning of the session's limit, else null.
 *
 * @param state the state of `client.store`
 */
export function selectPrompt({ interactions: [first], limit }: AuthState): Prompt | null {
  return (first && once(first, promptOf)) ?? (limit && once(limit, promptOfLimit))
}

/** What the person is asked for an interaction; null when there is nothing to ask now. */
export function promptOf(interaction: Interaction): Prompt | null {
  const { id } = interaction
  switch (interaction.type) {
    case 'visit':
      return promptOfVisit(interaction)
    case 'mismatch': {
      const { goal, arrival } = interaction
      return { id, type: 'account_mismatch', expected: goal.account, actual: arrival.signedIn.account }
    }
    case 'account_question': {
      const { isPutOff, from, arrival } = interaction
      return isPutOff ? null : { id, type: 'account_changed', from, to: arrival.signedIn.account }
    }
    case 'unmet_step_up': {
      const { type, ...unmet } = interaction
      return { ...unmet, type: 'step_up_unmet' }
    }
    case 'account_switch':
      return null
  }
}

function promptOfVisit(visit: Visit): Prompt | null {
  const { id, place } = visit
  switch (place.at) {
    case 'queue':
    case 'redirect':
      return null
    case 'blocked_popup':
      return { id, type: 'popup_blocked' }
    case 'prompt':
      return promptOfGoal(visit, 'none')
    case 'popup':
      return promptOfGoal(visit, place.window)
  }
}

function promptOfGoal({ id, goal, ladder }: Visit, window: PromptWindow): Prompt | null {
  switch (goal.kind) {
    case 'sign_in':
      return window === 'lost' ? { id, type: goal.kind, window } : null
    case 'step_up': {
      const { kind, ...asked } = goal
      return { id, type: kind, ...asked, window }
    }
    case 'switch_account':
      return { id, type: 'sign_out_first', account: goal.account }
    case 'session_ended':
    case 'consent_required':
      return { id, type: goal.kind, account: goal.account, window, leavesPage: ladder[0] === 'redirect' }
  }
}

function promptOfLimit({ id, warns, endsAt, reason }: SessionLimit): Prompt | null {
  return warns ? { id, type: 'idle_warning', endsAt, reason } : null
}

const derived = new WeakMap<object, Prompt | null>()

/** The same prompt for the same object, so that a component that shows it renders only when it has changed. */
function once<T extends object>(of: T, derive: (of: T) => Prompt | null): Prompt | null {
  const known = derived.get(of)
  if (known !== undefined) return known
  const prompt = derive(of)
  derived.set(of, prompt)
  return prompt
}
