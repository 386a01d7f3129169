import { defined } from '../../core/defined.ts'
import { AuthTimeoutError } from '../../core/errors.ts'
import type { AnonymousReason } from '../../core/machine/state.ts'
import { writeValue } from '../../op/guarded-storage.ts'
import type { ClientContext } from '../context.ts'
import { leavePage } from '../leave-page.ts'
import type { Purpose } from '../redirect-purpose.ts'
import type { FindOptions } from './search.ts'

/**
 * Whether a full-page redirect could tell more than the hidden frame did: only where the frame's answer may be the
 * browser's doing, only in a browser that had a session, and only once in a tab. The page leaves only for an OP that has
 * just answered, or the person would end at an error page of the browser.
 *
 * @param reason what the hidden frame ended with
 * @param hasAnswered whether the OP has just answered
 * @throws {AuthError} when the OP does not answer, or another tab is about to find out
 */
export async function mayAskByRedirect(
  { browser, options, op, frames, browserSession, hearsay, keys }: ClientContext,
  reason: AnonymousReason,
  hasAnswered: boolean,
): Promise<boolean> {
  const isSameHost = new URL(options.issuer).hostname === new URL(browser.page.href).hostname
  const isKnown = isSameHost && reason === 'login_required' && frames.isAllowed
  const isAsked = browser.tabStorage.read(keys.askedTopLevel) !== null
  if (isKnown || isAsked || browserSession.status !== 'session') return false
  if (hearsay.isAway) throw new AuthTimeoutError('Another tab is asking the OpenID Provider')
  if (!hasAnswered) await op.probe()
  return true
}

/**
 * Asks the OP who is signed in by a full-page redirect (`prompt=none`). Settles only if the page stays.
 *
 * @param before what the page has just come back from, and why that failed: a step-up's outcome and a sign-in's failure
 * go along, since the person has not seen them yet
 * @param isWanted whether it is still to be found out, when all is ready to leave
 */
export async function askOpByRedirect(
  context: ClientContext,
  { purpose: before, failure, proof }: Pick<FindOptions, 'purpose' | 'failure' | 'proof'>,
  isWanted: () => boolean,
): Promise<void> {
  const { browser, op, keys, machine, log } = context
  const transaction = await op.begin({ kind: 'restore', prompt: 'none' })
  if (!isWanted()) return
  // No loop: where it cannot be remembered that the OP was asked, it is not asked.
  if (!writeValue(browser.tabStorage, keys.askedTopLevel, true)) return
  log({ type: 'redirect.started' })
  const { resumed } = machine.store.getState()
  const carried = before?.kind === 'step_up' &&
    resumed && {
      purpose: before,
      error: resumed.error && { ...resumed.error },
      ...defined({ proof }),
    }
  const purpose: Purpose = {
    kind: 'restore',
    ...(carried && { carried }),
    ...(before?.kind === 'sign_in' && failure && { failure: { ...failure } }),
  }
  await leavePage(context, transaction, { returnTo: browser.page.href, transaction, purpose })
}
