import { type AnyAuthError, AuthTimeoutError, InteractionRequiredError } from '../../core/errors.ts'
import { type AnonymousReason, hasNoAnswer, isUndecided } from '../../core/machine/state.ts'
import { asAuthError, FramesBlockedError, UnansweredError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import type { Purpose } from '../redirect-purpose.ts'
import { askOpByRedirect, mayAskByRedirect } from './ask-op-by-redirect.ts'
import type { WaitingSession } from './vault.ts'

export interface FindOptions {
  /** Whether the page may leave for the OP; asked when it is about to. */
  readonly mayLeave: () => boolean
  /** What the page has just come back from. */
  readonly purpose?: Purpose | undefined
  /** What went wrong there. */
  readonly failure?: AnyAuthError | undefined
  /** Whether the OP has said there, where its cookies count, that it knows no person. */
  readonly isNone?: boolean | undefined
}

/** A search that is under way. */
interface Search extends FindOptions {
  /** The sign-in that the browser was at when it began. What the OP has said of an earlier one does not count. */
  readonly epoch: number
}

/** What is known when silence has not told who is signed in. */
interface Unfound {
  readonly reason: AnonymousReason
  readonly error: AnyAuthError | undefined
  /** Whether the page is about to leave for the OP. */
  readonly leaves: boolean
}

/**
 * Finds out who is signed in: from another tab, this tab's storage, the OP in a hidden frame, or the OP by a full-page
 * redirect. One tab of the browser asks at a time, and the others hear what it has found out. It ends in `authenticated`
 * or `anonymous`, unless the person signs in meanwhile, or has signed out elsewhere: then the caller must look again.
 */
export async function findSession(context: ClientContext, options: FindOptions): Promise<void> {
  const { tabs, keys, browserSession, vault } = context
  const { timeLimit } = context.options
  const search: Search = { ...options, epoch: browserSession.epoch }
  const stop = tabs.listen()
  const askedAt = performance.now()
  try {
    if (!isOpen(context, search)) return
    if (browserSession.status === 'closed') {
      // What sessionStorage kept of it goes.
      vault.dropSession()
      return showMissing(context, search, { reason: 'signed_out', error: undefined, leaves: false })
    }
    if (await takeKnown(context, search)) return
    const unfound = await tabs.exclusively(keys.restoreLock, 1 + 2 * timeLimit, async () => {
      // The tab before may have found it out.
      if (!isOpen(context, search) || (await takeKnown(context, search))) return null
      return askOp(context, search, askedAt)
    })
    if (!unfound || !isCurrent(context, search)) return
    if (search.isNone) browserSession.forget()
    const left = unfound.leaves ? await leave(context, search) : null
    if (isCurrent(context, search))
      showMissing(context, search, left ? { ...unfound, reason: reasonOf(left), error: left } : unfound)
  } finally {
    stop()
  }
}

/** Takes the session that this browser has: another tab's, else this tab's of before the reload. */
async function takeKnown(context: ClientContext, search: Search): Promise<boolean> {
  const { options, tabs, vault, browserSession } = context
  const willDo = ({ epoch }: { readonly epoch: number }): boolean => epoch >= browserSession.epoch
  const handedOver = options.renewal.restore.includes('tabs') ? await tabs.ask(willDo) : null
  const kept = handedOver ?? (await vault.recall())
  if (!kept) return false
  if (isCurrent(context, search)) show(context, search, vault.keepFound(kept, handedOver ? 'tab' : 'storage'))
  return true
}

/** What silence has told, where that is no session. */
interface Silence {
  readonly reason: AnonymousReason
  readonly error: AnyAuthError | undefined
  /** Null where it has not been asked, or only its frame has kept silent. */
  readonly hasAnswered: boolean | null
}

/** Asks the OP by what `renewal.restore` allows. @returns null when that has told */
async function askOp(context: ClientContext, search: Search, askedAt: number): Promise<Unfound | null> {
  const { mayLeave, purpose, failure, isNone = false } = search
  const { options, tabs, hearsay, frames } = context
  const { restore } = options.renewal
  const isAsked = purpose?.kind === 'restore'
  // Asked once more, a frame could only say less.
  if (isAsked && !isNone && failure) return { reason: reasonOf(failure), error: failure, leaves: false }
  const isHearsay = hearsay.isNoneSince(askedAt)
  const isKnown = isNone || isHearsay
  let silence: Silence = { reason: 'login_required', error: undefined, hasAnswered: isKnown || null }
  if (restore.includes('iframe') && frames.isAllowed && !isKnown) {
    const answer = await askInFrame(context, search)
    if (!answer) return null
    silence = answer
  }
  if (restore.includes('top-level') && !isAsked && silence.hasAnswered !== false && isOpen(context, search)) {
    try {
      const mayAsk = await mayAskByRedirect(context, silence.reason, silence.hasAnswered === true)
      if (mayAsk && isOpen(context, search)) {
        if (!mayLeave()) throw pageInUse()
        tabs.send({ type: 'leaving' })
        return { ...silence, leaves: true }
      }
    } catch (cause) {
      const error = asAuthError(cause)
      return { reason: reasonOf(error), error, leaves: false }
    }
  }
  if (silence.reason === 'login_required' && silence.hasAnswered === true && !isHearsay) {
    hearsay.learnNone()
    tabs.send({ type: 'none' })
  }
  return { ...silence, leaves: false }
}

/** What a person has typed would be lost, and what the frame has said may be the browser's doing. */
function pageInUse(): AuthTimeoutError {
  return new AuthTimeoutError(
    'Only a visit to the OpenID Provider can tell who is signed in, and the page is in use: `client.restore()` makes it',
  )
}

/** @returns null when the OP has told who is signed in */
async function askInFrame(context: ClientContext, search: Search): Promise<Silence | null> {
  const { options, frames, vault, disposed } = context
  try {
    const { tokens } = await frames.ask({}, options.timeLimit, disposed)
    if (isOpen(context, search)) show(context, search, vault.keep(tokens, 'op'))
    return null
  } catch (cause) {
    const error = asAuthError(cause)
    const reason = reasonOf(error)
    if (reason === 'login_required') return { reason, error: undefined, hasAnswered: true }
    // Only the frame may be to blame: of a page that refuses to be framed nothing is known but its silence.
    const isFrame = error instanceof UnansweredError || error instanceof FramesBlockedError
    return { reason, error, hasAnswered: isFrame ? null : false }
  }
}

/** Leaves the page for the OP. @returns why that was not possible; null where the page stays for another reason */
async function leave(context: ClientContext, search: Search): Promise<AnyAuthError | null> {
  try {
    await askOpByRedirect(context, search, () => isOpen(context, search))
    return null
  } catch (cause) {
    return asAuthError(cause)
  }
}

/** A sign-in or a switch that failed before is shown with the session, since no promise waits for it any more. */
function show({ machine }: ClientContext, { purpose, failure }: FindOptions, found: WaitingSession): void {
  const isUnseen = failure && purpose?.kind !== 'step_up'
  machine.dispatch({ type: 'session.found', ...found, ...(isUnseen && { failure }) })
}

/** A failure of before hides why there is no session. */
function showMissing({ machine }: ClientContext, { failure }: Search, { reason, error }: Unfound): void {
  const shown = failure ?? error
  const isStillUnknown = failure !== undefined && hasNoAnswer(reason, error)
  machine.dispatch({
    type: 'session.missing',
    reason,
    ...(shown && { error: shown }),
    ...(isStillUnknown && { isStillUnknown }),
  })
}

/** Whether it is still to be found out who is signed in. */
function isOpen(context: ClientContext, search: Search): boolean {
  const { session, interactions } = context.machine.store.getState()
  if (context.disposed.aborted || interactions.length > 0) return false
  return isUndecided(session) && isCurrent(context, search)
}

/** Whether the browser is where it was when the search began: no person has signed out or taken over elsewhere. */
function isCurrent({ browserSession }: ClientContext, { epoch }: Search): boolean {
  return browserSession.epoch === epoch && !browserSession.isBehind()
}

function reasonOf(error: AnyAuthError): AnonymousReason {
  if (error instanceof AuthTimeoutError) return 'timeout'
  return error instanceof InteractionRequiredError ? 'login_required' : 'failed'
}
