import { AccountMismatchError, InteractionCancelledError } from '../../core/errors.ts'
import { isExpired } from '../../core/id-token.ts'
import type { TokenSet } from '../../core/tokens.ts'
import { withTimeLimit } from '../../op/time-limit.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import { silentSeconds } from './silent-step-up.ts'

export type AskToken = (signal: AbortSignal) => Promise<string>

/**
 * The ID Token to ask the backend with. One that has expired proves nothing about the login, although that may be fresh
 * enough, so it is renewed first where that takes no person. When that fails or takes too long, the expired one goes
 * out: it still names the person.
 *
 * @returns a function that gives the token. It throws an `InteractionRequiredError` when no person is signed in, and an
 * `AccountMismatchError` when the renewal brings another person
 */
export function createAskToken(
  { browser, options, vault, op, frames }: ClientContext,
  renew: () => Promise<void>,
): AskToken {
  // Some OPs give no new ID Token for a refresh token: then each try would only use a refresh token up.
  let keptByRenewal: string | null = null

  const session = (): TokenSet => {
    if (!vault.current) throw notSignedIn()
    return vault.current
  }
  const canRenew = ({ refreshToken }: TokenSet): boolean => {
    const { via } = options.renewal
    if (via.includes('refresh') && refreshToken !== undefined) return true
    return via.includes('iframe') && frames.mayAnswer
  }

  return async signal => {
    const before = session()
    if (isExpired(before.claims, op.now(), 0) && before.idToken !== keptByRenewal && canRenew(before)) {
      try {
        await withTimeLimit(browser.clock, silentSeconds, 'The OpenID Provider', renew())
        if (vault.current?.idToken === before.idToken) keptByRenewal = before.idToken
      } catch (error) {
        if (error instanceof AccountMismatchError) throw error
      }
      if (signal.aborted) throw new InteractionCancelledError('aborted')
    }
    return session().idToken
  }
}
