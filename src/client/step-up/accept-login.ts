import { isSameAccount } from '../../core/account.ts'
import { defined } from '../../core/defined.ts'
import type { TokenSet } from '../../core/tokens.ts'
import type { ClientContext } from '../context.ts'

/**
 * Makes the tokens of a step-up's login the session's. Call it only once the server that demanded the login has taken
 * it: with an ID Token that the backend refuses, every later step-up would be refused too. Tokens of another person,
 * and tokens that come after a sign-out, are dropped.
 */
export function acceptLogin({ vault, machine }: ClientContext, tokens: TokenSet): void {
  const { current } = vault
  if (!current || !isSameAccount(current.account, tokens.account)) return
  // A refresh token that it replaces is not revoked: at many OPs that ends the whole grant, the new tokens' too.
  const { refreshToken = current.refreshToken } = tokens
  const next = { ...tokens, ...defined({ refreshToken }) }
  machine.dispatch({ type: 'session.renewed', ...vault.keep(next, 'op') })
}
