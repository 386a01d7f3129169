import type { Transaction } from '../core/tokens.ts'
import { type Departure, leaveForOp } from '../op/redirects.ts'
import type { ClientContext } from './context.ts'
import type { Purpose } from './redirect-purpose.ts'

/**
 * Leaves the page for the OP. Settles only if the page stays: see `leaveForOp`.
 *
 * @param to where it goes
 * @param known what the page that it comes back to must know
 * @throws {ConfigurationError} when that cannot be kept
 */
export function leavePage(
  { browser, options: { issuer, clientId } }: ClientContext,
  { state, url }: Pick<Transaction, 'state' | 'url'>,
  known: Pick<Departure<Purpose>, 'returnTo' | 'transaction' | 'purpose'>,
): Promise<void> {
  // A visit that the person has not asked for is no step of the person's way: Back does not lead to it.
  const isUnasked = known.purpose.kind === 'restore'
  return leaveForOp(browser, state, url, { issuer, clientId, ...known }, to =>
    isUnasked ? browser.page.replace(to) : browser.page.assign(to),
  )
}
