import { isSameAccount } from '../account.ts'
import { AccountMismatchError } from '../errors.ts'
import { beginSession, switchOf } from './account-switch.ts'
import { discard, type Step, step } from './effects.ts'
import type { SessionEvent } from './events.ts'
import type { Arrival, Mismatch, PersonalGoal } from './interaction.ts'
import { finish, replace } from './interaction-queue.ts'
import type { PromptAnswer } from './prompts.ts'
import type { AuthState } from './state.ts'

// Another person has come back from the OP than the one who was expected. The person decides; until then the session
// is as it was.

type Mismatched = Extract<SessionEvent, { type: 'session.mismatched' }>

/** Another person answered a visit. */
export function keepApart(state: AuthState, id: string, goal: PersonalGoal, arrival: Arrival): Step {
  const mismatch: Mismatch = { type: 'mismatch', id, goal, arrival }
  return step(replace(state, mismatch), { effects: [{ type: 'window.close', id }] })
}

/** The OP knows another person, as it says in a hidden frame or after a redirect. One question about one person. */
export function askAboutOther(state: AuthState, { id, expected, signedIn }: Mismatched): Step {
  const isAsked = state.interactions.some(
    one => 'arrival' in one && isSameAccount(one.arrival.signedIn.account, signedIn.account),
  )
  // While one person takes over from another, no third person is a question.
  if (isAsked || switchOf(state)) return discard(state, id)
  const mismatch: Mismatch = {
    type: 'mismatch',
    id,
    goal: { kind: 'session_ended', account: expected },
    arrival: { signedIn, origin: 'op' },
  }
  // After a full-page redirect there is no session to go on with until the person has decided.
  const session: AuthState['session'] =
    state.session.status === 'authenticated'
      ? state.session
      : { status: 'anonymous', reason: 'account_mismatch' }
  return step({ ...state, session, interactions: [mismatch, ...state.interactions] })
}

/** Back to the expected person, or on as the other one. */
export function decideMismatch(
  state: AuthState,
  { id, goal, arrival }: Mismatch,
  answer: PromptAnswer,
): Step {
  if (answer === 'switch') return beginSession(state, id, arrival)
  const error = new AccountMismatchError('Another person signed in; the session is unchanged')
  const done = finish(state, id, error)
  // After a full-page redirect no session is left to go back to, so the way back is a sign-in.
  const isBack = state.session.status === 'authenticated'
  return isBack
    ? done
    : step(done.state, done, { effects: [{ type: 'sign_in.start', account: goal.account }] })
}
