import { tabStorage } from '../browser.ts'
import type { ClientContext } from '../context.ts'
import { leavePage } from '../leave-page.ts'
import type { Purpose } from '../redirect-purpose.ts'

/**
 * Asks the OP who is signed in by a full-page redirect (`prompt=none`). Settles only if the page stays.
 *
 * @param before what the page has just come back from: a step-up's outcome goes along, since the person has not seen
 * it yet
 */
export async function askOpByRedirect(context: ClientContext, before: Purpose | undefined): Promise<void> {
  const { op, keys, machine, log } = context
  const transaction = await op.begin({ prompt: 'none' })
  // No loop: where it cannot be remembered that the OP was asked, it is not asked.
  if (!tabStorage.write(keys.askedTopLevel, true)) return
  log({ type: 'redirect.started' })
  const { resumed } = machine.store.getState()
  const carried = before?.kind === 'step_up' &&
    resumed && { purpose: before, error: resumed.error && { ...resumed.error } }
  const purpose: Purpose = { kind: 'restore', ...(carried && { carried }) }
  await leavePage(context, transaction, { returnTo: location.href, transaction, purpose })
}
