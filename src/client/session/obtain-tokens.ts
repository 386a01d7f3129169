import { type AuthError, AuthTimeoutError, NetworkError } from '../../core/errors.ts'
import type { TokenOrigin } from '../../core/machine/interaction.ts'
import type { TokenSet } from '../../core/tokens.ts'
import { asAuthError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import { isNewerOrOtherPerson } from './vault.ts'

/** Tokens to go on with, and who gave them. */
export interface Obtained {
  readonly tokens: TokenSet
  readonly origin: Extract<TokenOrigin, 'op' | 'tab'>
}

type Way = ClientContext['options']['renewal']['via'][number]

/**
 * Obtains new tokens for the session's: another tab's, if it was first, else the OP's.
 *
 * @returns null when the session's tokens are not `old` any more
 * @throws {AuthError} that the last way ended with
 */
export function obtainTokens(context: ClientContext, old: TokenSet): Promise<Obtained | null> {
  const { vault, tabs } = context
  return tabs.exclusively(async () => {
    // Another tab may have been first, and its news may have come or be on their way.
    if (vault.current !== old) return null
    const newer = await tabs.ask(tokens => isNewerOrOtherPerson(tokens, old))
    if (newer) return { tokens: newer, origin: 'tab' }
    // The session has ended meanwhile: tokens that the refresh token brings now would belong to no person.
    if (vault.current !== old) return null
    return { tokens: await askOp(context, old), origin: 'op' }
  })
}

/** What the refresh token gives, or else what the OP says in a hidden frame. */
async function askOp({ options, op, frames, disposed }: ClientContext, old: TokenSet): Promise<TokenSet> {
  const canUse = (via: Way): boolean => (via === 'refresh' ? Boolean(old.refreshToken) : frames.isAllowed)
  let failure: AuthError = notSignedIn('Only the person can renew the session: there is no other way left')
  for (const via of options.renewal.via.filter(canUse)) {
    try {
      if (via === 'refresh') return await op.refresh(old)
      const request = { idTokenHint: old.idToken }
      return (await frames.ask(request, options.timeLimit, disposed)).tokens
    } catch (cause) {
      failure = asAuthError(cause)
      // If the OP did not answer, a frame will not either. If it refused, a frame may still work.
      if (failure instanceof NetworkError || failure instanceof AuthTimeoutError) break
    }
  }
  throw failure
}
