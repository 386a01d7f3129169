import { type AnyAuthError, InteractionCancelledError } from '../core/errors.ts'
import type { Goal, Ladder } from '../core/machine/interaction.ts'
import type { AuthorizationRequest, TokenSet } from '../core/tokens.ts'
import { asAuthError } from '../op/errors.ts'
import { exchange, popupTimeLimit } from '../op/exchange-in-window.ts'
import type { ClientContext } from './context.ts'
import { leavePage } from './leave-page.ts'
import type { Purpose } from './redirect-purpose.ts'

/** A visit of the person to the OP, in a popup or by a full-page redirect. */
export interface VisitRequest {
  readonly goal: Goal
  /** Read when the window opens: until then others may join. The signal is aborted when it is needed no more. */
  readonly request: (signal: AbortSignal) => AuthorizationRequest | Promise<AuthorizationRequest>
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

/** A visit that is not over. */
export interface RunningVisit extends VisitRequest {
  readonly resolve: (tokens: TokenSet) => void
  readonly reject: (error: AnyAuthError) => void
  stop: () => void
  /** Brings its popup to the front; false where there is none that can be. */
  show: () => boolean
  /** Aborted when it is over, so that nothing stays on the caller's signal. */
  readonly over: AbortController
  tokens?: TokenSet
}

/** Opens a popup within this call, and tells the state machine what became of it. */
export async function visitInPopup(
  { browser, op, vault, frames, machine: { dispatch }, log }: ClientContext,
  id: string,
  visit: RunningVisit,
): Promise<void> {
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
    const request = await visit.request(attempt.signal)
    if (attempt.signal.aborted) return
    const seconds = visit.timeLimit?.() ?? popupTimeLimit
    const { tokens, shortfall } = await exchange({ op, browser }, popup, request, seconds, attempt.signal)
    if (attempt.signal.aborted) return
    // A sign-in that falls short has failed; of a step-up the backend is the judge.
    if (shortfall && visit.goal.kind !== 'step_up') throw shortfall
    visit.tokens = tokens
    const { signedIn } = vault.keep(tokens, 'sign_in', id)
    dispatch({ type: 'visit.answered', id, signedIn })
  } catch (error) {
    if (!attempt.signal.aborted) fail(asAuthError(error))
  }
}

/** Leaves the page. What comes back is a matter of `handleRedirectReturn`. */
export async function visitByRedirect(
  context: ClientContext,
  id: string,
  visit: RunningVisit,
): Promise<void> {
  const {
    op,
    machine: { dispatch },
    log,
  } = context
  const attempt = new AbortController()
  visit.stop = () => attempt.abort()
  const fail = (error: AnyAuthError): void => dispatch({ type: 'interaction.failed', id, error })
  try {
    const request = await visit.request(attempt.signal)
    if (attempt.signal.aborted) return
    if (visit.leave) await visit.leave(request, attempt.signal)
    else {
      const transaction = await op.begin(request)
      if (attempt.signal.aborted) return
      visit.onWindow?.()
      log({ type: 'redirect.started' })
      const { returnTo } = visit
      await leavePage(context, transaction, { returnTo, transaction, purpose: purposeOf(visit) })
    }
    fail(new InteractionCancelledError('navigated'))
  } catch (error) {
    fail(asAuthError(error))
  }
}

/** What the page that a redirect comes back to would be told now. */
export function purposeOf({ purpose }: VisitRequest): Purpose {
  return typeof purpose === 'function' ? purpose() : purpose
}
