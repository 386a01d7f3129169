import { type AnyAuthError, AuthTimeoutError, InteractionRequiredError } from '../../core/errors.ts'
import { type AnonymousReason, hasNoAnswer, isUndecided } from '../../core/machine/state.ts'
import type { CodeProof } from '../../core/wire.ts'
import type { ClientContext } from '../context.ts'
import type { Purpose } from '../redirect-purpose.ts'
import type { WaitingSession } from './vault.ts'

// A search for the session: whether it still counts, and how its outcome is shown.

export interface FindOptions {
  /** Whether the page may leave for the OP; asked when it is about to. */
  readonly mayLeave: () => boolean
  /** What the page has just come back from. */
  readonly purpose?: Purpose | undefined
  /** What went wrong there. */
  readonly failure?: AnyAuthError | undefined
  /** Of a step-up, where only the backend can read the answer. */
  readonly proof?: CodeProof | undefined
  /** Whether the OP has said there, where its cookies count, that it knows no person. */
  readonly isNone?: boolean | undefined
}

/** A search that is under way. */
export interface Search extends FindOptions {
  /** The sign-in that the browser was at when it began. What the OP has said of an earlier one does not count. */
  readonly epoch: number
}

/** What is known when silence has not told who is signed in. */
export interface Unfound {
  readonly reason: AnonymousReason
  readonly error: AnyAuthError | undefined
  /** Whether the page is about to leave for the OP. */
  readonly leaves: boolean
}

/** Whether it is still to be found out who is signed in. */
export function isOpen(context: ClientContext, search: Search): boolean {
  const { session, interactions } = context.machine.store.getState()
  if (context.disposed.aborted || interactions.length > 0) return false
  return isUndecided(session) && isCurrent(context, search)
}

/** Whether the browser is where it was when the search began: no person has signed out or taken over elsewhere. */
export function isCurrent({ browserSession }: ClientContext, { epoch }: Search): boolean {
  return browserSession.epoch === epoch && !browserSession.isBehind()
}

/** Why no person is signed in, where the search ended with this error. */
export function reasonOf(error: AnyAuthError): AnonymousReason {
  if (error instanceof AuthTimeoutError) return 'timeout'
  return error instanceof InteractionRequiredError ? 'login_required' : 'failed'
}

/** A sign-in or a switch that failed before is shown with the session, since no promise waits for it any more. */
export function show(
  { machine }: ClientContext,
  { purpose, failure }: FindOptions,
  found: WaitingSession,
): void {
  const isUnseen = failure && purpose?.kind !== 'step_up'
  machine.dispatch({ type: 'session.found', ...found, ...(isUnseen && { failure }) })
}

/** A failure of before hides why there is no session. */
export function showMissing(
  { machine }: ClientContext,
  { failure }: Search,
  { reason, error }: Unfound,
): void {
  const shown = failure ?? error
  const isStillUnknown = failure !== undefined && hasNoAnswer(reason, error)
  machine.dispatch({
    type: 'session.missing',
    reason,
    ...(shown && { error: shown }),
    ...(isStillUnknown && { isStillUnknown }),
  })
}
