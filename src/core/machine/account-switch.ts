import { isSameAccount } from '../account.ts'
import { AccountMismatchError, type AnyAuthError } from '../errors.ts'
import { discard, type Step, step } from './effects.ts'
import { type AccountQuestion, type AccountSwitch, type Arrival, expectedBy } from './interaction.ts'
import { endAll, finish } from './interaction-queue.ts'
import { install } from './session.ts'
import { type AuthState, isUndecided } from './state.ts'

// One person after another. No page ever shows half of each: the former person's tokens, prompts and intents go, then
// what the app keeps (`former_person.forget`), and only then is the next person shown.

/** A session begins: at once for the first or the same person, else when nothing of the former one is left. */
export function beginSession(state: AuthState, id: string, arrival: Arrival): Step {
  const { former, session } = state
  const { account } = arrival.signedIn
  if (switchOf(state)) return discard(state, id)
  if (former.status === 'none' || (former.status === 'known' && isSameAccount(former.account, account)))
    return installAndFinish(state, id, arrival)
  const asked = state.interactions.find(one => one.id === id)
  const expected = asked ? expectedBy(asked) : null
  const switching: AccountSwitch = { type: 'account_switch', id, expected, arrival }
  const next: AuthState = {
    ...state,
    // The former person is not shown any more; a page that showed no person stays as it is.
    session: session.status === 'authenticated' ? { status: 'initializing' } : session,
    limit: null,
    resumed: null,
    interactions: [switching],
  }
  const from = former.status === 'known' ? former.account : null
  return step(
    next,
    { tokenEffects: [{ type: 'tokens.drop_session' }] },
    endAll(state, 'superseded', one => one.id === id),
    {
      effects: [
        { type: 'window.close', id },
        { type: 'former_person.forget', id, from, to: account },
      ],
    },
  )
}

/** The end of a switch. With an error no person is signed in, because what the app keeps may be the former person's. */
export function completeSwitch(state: AuthState, id: string, error: AnyAuthError | undefined): Step {
  const switching = switchOf(state)
  if (switching?.id !== id) return step(state)
  if (!error) return installAndFinish(state, id, switching.arrival)
  const done = finish(state, id, error)
  return { ...done, state: { ...done.state, session: { status: 'anonymous', reason: 'failed', error } } }
}

/**
 * It has been found out who is signed in. A person who has just signed in counts also where another tab's session was
 * first; all else counts only while it was not known.
 */
export function takeFound(state: AuthState, id: string, arrival: Arrival): Step {
  const { session } = state
  const isSignIn = arrival.origin === 'sign_in'
  if (!isUndecided(session) && !(isSignIn && session.status === 'authenticated')) return discard(state, id)
  return isSignIn ? beginSession(state, id, arrival) : followInSilence(state, id, arrival)
}

/**
 * A session that began without this page. Where it is another person's than this tab has shown, the person must know
 * before.
 */
export function followInSilence(state: AuthState, id: string, arrival: Arrival): Step {
  const { session, lastShown } = state
  const isOther = lastShown !== null && !isSameAccount(lastShown, arrival.signedIn.account)
  if (!isOther || switchOf(state)) return beginSession(state, id, arrival)
  const error = new AccountMismatchError('Another person has signed in elsewhere in this browser')
  const ended: AuthState['session'] =
    session.status === 'authenticated'
      ? { ...session, renewal: { status: 'ended', error } }
      : { status: 'anonymous', reason: 'account_mismatch' }
  // The other tab's next renewal is no reason to ask again.
  const isPutOff = state.interactions.some(
    one =>
      one.type === 'account_question' &&
      one.isPutOff &&
      isSameAccount(one.arrival.signedIn.account, arrival.signedIn.account),
  )
  const question: AccountQuestion = { type: 'account_question', id, from: lastShown, arrival, isPutOff }
  const next: AuthState = { ...state, session: ended, resumed: null, interactions: [question] }
  return step(next, { tokenEffects: [{ type: 'tokens.drop_session' }] }, endAll(state, 'superseded'))
}

/** The switch that is under way: there is one at most, and nothing else is asked meanwhile. */
export function switchOf({ interactions }: AuthState): AccountSwitch | undefined {
  return interactions.find(one => one.type === 'account_switch')
}

/** Installs the session, then ends the interaction that brought it: its promise settles when the tokens are there. */
function installAndFinish(state: AuthState, id: string, arrival: Arrival): Step {
  const done = finish(state, id, mismatchOf(state, id, arrival))
  const installed = install(done.state, id, arrival)
  return step(installed.state, installed, done)
}

/** What a caller who waited for one person learns when another came. */
function mismatchOf(state: AuthState, id: string, { signedIn }: Arrival): AnyAuthError | null {
  const asked = state.interactions.find(one => one.id === id)
  const expected = asked ? expectedBy(asked) : null
  return expected && !isSameAccount(expected, signedIn.account)
    ? new AccountMismatchError('Another person signed in')
    : null
}
