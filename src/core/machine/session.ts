import { AccountMismatchError } from '../errors.ts'
import { type Step, step } from './effects.ts'
import { type Arrival, endsWithReturn } from './interaction.ts'
import { endAll, endOf, showFirst } from './interaction-queue.ts'
import { type AnonymousReason, type AuthState, initialState } from './state.ts'

/** The session is this one now. */
export function install(state: AuthState, id: string, { signedIn, origin, failure }: Arrival): Step {
  const { session } = state
  const error = failure ?? (session.status === 'authenticated' ? session.error : undefined)
  const current = session.status === 'authenticated' ? session.account : null
  // The same object while nothing shown has changed, so that a renewal renders no component that shows it.
  const isUnchanged = JSON.stringify(current) === JSON.stringify(signedIn.account)
  const account = current && isUnchanged ? current : signedIn.account
  const installed = showFirst({
    ...state,
    session: {
      status: 'authenticated',
      renewal: { status: 'ok' },
      ...signedIn,
      account,
      ...(error && { error }),
    },
    former: { status: 'known', account },
    lastShown: account,
    // The person has returned, so a question for them is dropped.
    interactions: state.interactions.filter(one => !endsWithReturn(one)),
  })
  const dropped = state.interactions.filter(endsWithReturn).map(one => endOf(one.id, null))
  return step(installed, { tokenEffects: [{ type: 'tokens.install', id, origin }] }, ...dropped)
}

/**
 * The session of this page is over, and another may have begun elsewhere. Where the person has not signed out, what is
 * on screen stays, since the person may be asked about it.
 */
export function outdateSession(state: AuthState, isClosed: boolean): Step {
  const { session, former, lastShown, remembered, limit } = state
  if (session.status === 'authenticated' && !isClosed) {
    const error = new AccountMismatchError('Another person seems to have signed in elsewhere in this browser')
    const outdated = { ...session, renewal: { status: 'outdated', error } } as const
    const next: AuthState = { ...initialState, session: outdated, former, lastShown, remembered, limit }
    return step(next, { tokenEffects: [{ type: 'tokens.drop_session' }] }, endAll(state, 'superseded'))
  }
  const next: AuthState = {
    ...initialState,
    // What the app keeps may be another person's by now.
    former: { status: 'unknown' },
    lastShown: isClosed ? null : lastShown,
    remembered,
  }
  return step(next, { tokenEffects: [{ type: 'tokens.drop_all' }] }, endAll(state, 'signed_out'))
}

/** No person is signed in any more, and nothing that was under way goes on. */
export function endSession(state: AuthState, reason: AnonymousReason): Step {
  const { former, remembered } = state
  const next: AuthState = { ...initialState, former, remembered, session: { status: 'anonymous', reason } }
  return step(next, { tokenEffects: [{ type: 'tokens.drop_all' }] }, endAll(state, 'signed_out'))
}
