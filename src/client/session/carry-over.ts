import { isSameAccount } from '../../core/account.ts'
import type { AccessToken, SessionTokens } from '../../core/tokens.ts'
import { type Clocks, continueLife, isValidFor } from './token-life.ts'

/**
 * New tokens, with what is still good of the session's: the access tokens for other APIs, and its own where the new ones
 * were asked for another API. Nothing goes over to another person or to another sign-in.
 */
export function carryOver(next: SessionTokens, current: SessionTokens | null, clock: Clocks): SessionTokens {
  if (!current || next.epoch !== current.epoch || !isSameAccount(next.account, current.account)) return next
  const good = goodOf(current.others, clock)
  const keepsOwn = !isValidFor(next, 0, clock) && isValidFor(current, 0, clock)
  if (!keepsOwn && Object.keys(good).length === 0) return next
  const { accessToken, tokenType, accessTokenExpiresAt } = keepsOwn ? current : next
  const own = { accessToken, tokenType, accessTokenExpiresAt }
  const tokens = { ...next, ...own, others: { ...good, ...next.others } }
  if (keepsOwn) continueLife(tokens, current)
  return tokens
}

/** Those access tokens that are still good. */
export function goodOf(
  others: SessionTokens['others'] = {},
  clock: Clocks,
): Readonly<Record<string, AccessToken>> {
  return Object.fromEntries(Object.entries(others).filter(([, token]) => isValidFor(token, 0, clock)))
}
