import { type AnyAuthError, InteractionCancelledError } from '../core/errors.ts'
import type { Goal, Ladder } from '../core/machine/interaction.ts'
import type { AuthorizationRequest, TokenSet, Transaction } from '../core/tokens.ts'
import { asAuthError } from '../op/errors.ts'
import { exchange, popupTimeLimit } from '../op/exchange-in-window.ts'
import { exchangePushed } from '../op/exchange-pushed.ts'
import type { PushedRequest, PushedResponse } from '../op/pushed-request.ts'
import type { AuthWindow } from '../op/windows.ts'
import type { ClientContext } from './context.ts'
import { leavePage } from './leave-page.ts'
import type { Purpose } from './redirect-purpose.ts'

/** A visit of the person to the OP, in a popup or by a full-page redirect. */
export interface VisitRequest extends VisitAround {
  /** Read when the window opens: until then others may join. The signal is aborted when it is needed no more. */
  readonly request: (signal: AbortSignal) => AuthorizationRequest | Promise<AuthorizationRequest>
}

/** A visit for a request that the backend sends. */
export interface PushedVisitRequest extends VisitAround {
  /** Has the backend send it; called when the window opens. */
  readonly push: (signal: AbortSignal) => Promise<PushedRequest>
}

/** What all visits have. */
export interface VisitAround {
  readonly goal: Goal
  /** Where a full-page redirect comes back to; absolute. */
  readonly returnTo: string
  /** What to tell the page that a full-page redirect comes back to; read when the page leaves. */
  readonly purpose: Purpose | (() => Purpose)
  /** The only ways to show it. Default: those of the client's options. */
  readonly ladder?: Ladder
  /**
   * Leaves the page in another way than for the request itself. It settles only if the page stays. The signal is aborted
   * when the visit is given up.
   */
  readonly leave?: (request: AuthorizationRequest, stopped: AbortSignal) => Promise<void>
  /** Seconds that the person may take in a popup; read when it opens. Default: `popupTimeLimit`. */
  readonly timeLimit?: (() => number) | undefined
  readonly signal?: AbortSignal | undefined
  /** Called when a window opens or the page is about to leave. */
  readonly onWindow?: () => void
}

/** What a visit brings: tokens, or the response that only the backend can redeem. */
export type Errand =
  | {
      readonly brings: 'tokens'
      readonly request: VisitRequest['request']
      readonly resolve: (tokens: TokenSet) => void
      tokens?: TokenSet
    }
  | {
      readonly brings: 'response'
      readonly push: PushedVisitRequest['push']
      readonly resolve: (response: PushedResponse) => void
      response?: PushedResponse
    }

/** A visit that is not over. */
export interface RunningVisit extends VisitAround {
  readonly errand: Errand
  readonly reject: (error: AnyAuthError) => void
  stop: () => void
  /** Brings its popup to the front; false where there is none that can be. */
  show: () => boolean
  /** Aborted when it is over, so that nothing stays on the caller's signal. */
  readonly over: AbortController
}

/** Opens a popup within this call, and tells the state machine what became of it. */
export async function visitInPopup(context: ClientContext, id: string, visit: RunningVisit): Promise<void> {
  const {
    browser,
    frames,
    machine: { dispatch },
    log,
  } = context
  const fail = (error: AnyAuthError): void => dispatch({ type: 'interaction.failed', id, error })
  const popup = browser.openPopup(how => {
    log({ type: 'popup.closed' })
    if (how === 'lost') dispatch({ type: 'popup.lost', id })
    // A person who closes what cannot come back has chosen nothing.
    else fail(frames.mistake ?? new InteractionCancelledError('window_closed'))
  })
  if (!popup) {
    log({ type: 'popup.blocked' })
    return dispatch({ type: 'popup.blocked', id })
  }
  log({ type: 'popup.opened' })
  const attempt = new AbortController()
  visit.stop = () => {
    attempt.abort()
    popup.close()
  }
  visit.show = popup.show
  try {
    visit.onWindow?.()
    await runErrand(context, id, visit, popup, attempt.signal)
  } catch (error) {
    if (!attempt.signal.aborted) fail(asAuthError(error))
  }
}

async function runErrand(
  { browser, op, vault, machine: { dispatch } }: ClientContext,
  id: string,
  { errand, goal, timeLimit = () => popupTimeLimit }: RunningVisit,
  popup: AuthWindow,
  signal: AbortSignal,
): Promise<void> {
  if (errand.brings === 'response') {
    const pushed = await errand.push(signal)
    if (signal.aborted) return
    const response = await exchangePushed({ op, browser }, popup, pushed, timeLimit(), signal)
    if (signal.aborted) return
    errand.response = response
    return dispatch({ type: 'visit.returned', id })
  }
  const request = await errand.request(signal)
  if (signal.aborted) return
  const { tokens, shortfall } = await exchange({ op, browser }, popup, request, timeLimit(), signal)
  if (signal.aborted) return
  // A sign-in that falls short has failed; of a step-up the backend is the judge.
  if (shortfall && goal.kind !== 'step_up') throw shortfall
  errand.tokens = tokens
  const { signedIn } = vault.keep(tokens, 'sign_in', id)
  dispatch({ type: 'visit.answered', id, signedIn })
}

/** Leaves the page. What comes back is a matter of `handleRedirectReturn`. */
export async function visitByRedirect(
  context: ClientContext,
  id: string,
  visit: RunningVisit,
): Promise<void> {
  const { dispatch } = context.machine
  const attempt = new AbortController()
  visit.stop = () => attempt.abort()
  const fail = (error: AnyAuthError): void => dispatch({ type: 'interaction.failed', id, error })
  try {
    const hasLeft = await leaveOnErrand(context, visit, attempt.signal)
    if (hasLeft) fail(new InteractionCancelledError('navigated'))
  } catch (error) {
    fail(asAuthError(error))
  }
}

/** @returns false where the visit was given up before */
async function leaveOnErrand(
  context: ClientContext,
  visit: RunningVisit,
  signal: AbortSignal,
): Promise<boolean> {
  const { op } = context
  const { errand, returnTo } = visit
  const go = async (
    to: Pick<Transaction, 'state' | 'url'>,
    transaction: Transaction | null,
  ): Promise<boolean> => {
    if (signal.aborted) return false
    visit.onWindow?.()
    context.log({ type: 'redirect.started' })
    await leavePage(context, to, { returnTo, transaction, purpose: purposeOf(visit) })
    return true
  }
  if (errand.brings === 'response') {
    const pushed = await errand.push(signal)
    if (signal.aborted) return false
    const url = await op.pushedUrl(pushed)
    return go({ state: pushed.state, url }, null)
  }
  const request = await errand.request(signal)
  if (signal.aborted) return false
  if (!visit.leave) {
    const transaction = await op.begin(request)
    return go(transaction, transaction)
  }
  await visit.leave(request, signal)
  return true
}

/** What the page that a redirect comes back to would be told now. */
export function purposeOf({ purpose }: Pick<VisitAround, 'purpose'>): Purpose {
  return typeof purpose === 'function' ? purpose() : purpose
}
