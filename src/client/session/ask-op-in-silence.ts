import { type AnyAuthError, AuthTimeoutError } from '../../core/errors.ts'
import type { AnonymousReason } from '../../core/machine/state.ts'
import { asAuthError, FramesBlockedError, UnansweredError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import { mayAskByRedirect } from './ask-op-by-redirect.ts'
import { isOpen, reasonOf, type Search, show, type Unfound } from './search.ts'

/** What silence has told, where that is no session. */
interface Silence {
  readonly reason: AnonymousReason
  readonly error: AnyAuthError | undefined
  /** Null where it has not been asked, or only its frame has kept silent. */
  readonly hasAnswered: boolean | null
}

/**
 * Asks the OP by what `renewal.restore` allows.
 *
 * @param askedAt when the search began, in milliseconds of the page's monotonic clock
 * @returns null when that has told
 */
export async function askOpInSilence(
  context: ClientContext,
  search: Search,
  askedAt: number,
): Promise<Unfound | null> {
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
    const { tokens } = await frames.ask({ kind: 'restore' }, options.timeLimit, disposed)
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
