import { depart } from '../op/redirects.ts'
import { keep } from '../op/storage.ts'
import type { Purpose } from './boot.ts'
import type { ClientContext } from './context.ts'
import { askedKey } from './vault.ts'

/** Asks the OP who is signed in by a full-page redirect. Loaded when the page leaves; settles only if it stays. */
export async function leave({ options, op, name, log }: ClientContext): Promise<void> {
  const { issuer, clientId } = options
  const transaction = await op.begin({ prompt: 'none' })
  // No loop: where it cannot be remembered that the OP was asked, it is not asked.
  if (!keep(askedKey + name, true)) return
  log({ type: 'redirect.started' })
  const purpose: Purpose = { kind: 'restore' }
  const departure = { issuer, clientId, returnTo: location.href, transaction, purpose }
  await depart(transaction.state, transaction.url, departure)
}
