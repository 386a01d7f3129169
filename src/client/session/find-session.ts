import type { AnyAuthError } from '../../core/errors.ts'
import { asAuthError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import { askOpByRedirect } from './ask-op-by-redirect.ts'
import { askOpInSilence } from './ask-op-in-silence.ts'
import { type FindOptions, isCurrent, isOpen, reasonOf, type Search, show, showMissing } from './search.ts'

/**
 * Finds out who is signed in: from another tab, this tab's storage, the OP in a hidden frame, or the OP by a full-page
 * redirect. One tab of the browser asks at a time, and the others hear what it has found out. It ends in `authenticated`
 * or `anonymous`, unless the person signs in meanwhile, or has signed out elsewhere: then the caller must look again.
 */
export async function findSession(context: ClientContext, options: FindOptions): Promise<void> {
  const { browser, tabs, keys, browserSession, vault } = context
  const { timeLimit } = context.options
  const search: Search = { ...options, epoch: browserSession.epoch }
  const stop = tabs.listen()
  const askedAt = browser.clock.elapsed()
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
      return askOpInSilence(context, search, askedAt)
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

/** Leaves the page for the OP. @returns why that was not possible; null where the page stays for another reason */
async function leave(context: ClientContext, search: Search): Promise<AnyAuthError | null> {
  try {
    await askOpByRedirect(context, search, () => isOpen(context, search))
    return null
  } catch (cause) {
    return asAuthError(cause)
  }
}
