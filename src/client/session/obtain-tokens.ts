import { isSameAccount } from '../../core/account.ts'
import { defined } from '../../core/defined.ts'
import { type AnyAuthError, AuthTimeoutError, NetworkError } from '../../core/errors.ts'
import type { SessionTokens, TokenSet } from '../../core/tokens.ts'
import { asAuthError, FramesBlockedError, UnansweredError } from '../../op/errors.ts'
import type { Refreshed } from '../../op/openid-provider.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import { isNewerOrOtherPerson } from './vault.ts'

/** Tokens to go on with, and who gave them. */
export type Obtained =
  | { readonly origin: 'op'; readonly tokens: TokenSet }
  | { readonly origin: 'tab'; readonly tokens: SessionTokens }

type Way = ClientContext['options']['renewal']['via'][number]

/**
 * Obtains new tokens for the session's: another tab's, if it was first, else the OP's. None where the session's tokens
 * are not `old` any more.
 *
 * @param use takes them. It is called before another tab's turn, so that no refresh token is used twice
 * @throws {AnyAuthError} that the last way ended with, and what `use` throws
 */
export function obtainTokens(
  context: ClientContext,
  old: SessionTokens,
  use: (obtained: Obtained) => void,
): Promise<void> {
  const { vault, tabs, keys, options, browserSession } = context
  let known = old
  const keepRotated = (refreshToken: string): void => {
    if (browserSession.isBehind() || old.refreshToken === undefined) return
    if (refreshToken === old.refreshToken) return
    const isSame = vault.current === known
    vault.rotate(old.refreshToken, refreshToken)
    if (!vault.current) return
    if (isSame) known = vault.current
    browserSession.open(false)
    tabs.send({ type: 'session', tokens: vault.current })
  }
  // A client that is not mounted hears the others only now.
  const stop = tabs.listen()
  const work = async (): Promise<void> => {
    // Another tab may have been first, and its news may have come or be on their way.
    if (vault.current !== old) return
    const newer = await tabs.ask(tokens => isNewerOrOtherPerson(tokens, old))
    // The session has ended meanwhile: tokens that the refresh token brings now would belong to no person.
    if (vault.current !== old) return
    if (newer) return use({ tokens: newer, origin: 'tab' })
    // The news of a sign-out in another tab may not have come.
    if (browserSession.isBehind()) return
    const tokens = await askOp(context, old, keepRotated)
    // The person signed out, or signed in anew, while the OP was thinking.
    if (browserSession.isBehind()) return
    const merged = mergeInto(vault.current, known, tokens)
    if (merged) use({ tokens: merged, origin: 'op' })
  }
  return tabs.exclusively(keys.renewalLock, longestRenewal(options), work).finally(stop)
}

/**
 * What the session goes on with when the OP has answered. The login of a step-up may have come between, and has taken
 * along a refresh token that is spent now. Null where the answer is of no use.
 */
function mergeInto(current: SessionTokens | null, old: SessionTokens, answer: TokenSet): TokenSet | null {
  if (current === old) return answer
  const { refreshToken } = answer
  const isSpent = old.refreshToken !== undefined && current?.refreshToken === old.refreshToken
  if (!current || !isSpent || refreshToken === undefined || refreshToken === old.refreshToken) return null
  return isSameAccount(current.account, answer.account) ? { ...current, refreshToken } : null
}

/** Seconds: the answers of the other tabs, a refresh, and a frame with the exchange of its code. */
function longestRenewal({ timeLimit }: ClientContext['options']): number {
  return 1 + 2 * timeLimit
}

/**
 * What the refresh token gives, or else what the OP says in a hidden frame.
 *
 * @param keepRotated takes the refresh token that is good now, when what came with it is of no use
 */
async function askOp(
  context: ClientContext,
  old: SessionTokens,
  keepRotated: (refreshToken: string) => void,
): Promise<TokenSet> {
  const { options, op, frames, disposed } = context
  let failure: AnyAuthError = notSignedIn('Only the person can renew the session: there is no other way left')
  let moved: Refreshed | null = null
  for (const via of waysFor(context, old)) {
    try {
      if (via === 'refresh') {
        const refreshed = await op.refresh(old)
        if (!refreshed.moved) return refreshed.tokens
        moved = refreshed
        if (moved.tokens.refreshToken !== undefined) keepRotated(moved.tokens.refreshToken)
        throw moved.moved
      }
      const request = { kind: 'renewal', idTokenHint: old.idToken } as const
      const { tokens } = await frames.ask(request, options.timeLimit, disposed)
      return moved ? withRefreshToken(tokens, moved.tokens) : tokens
    } catch (cause) {
      failure = asAuthError(cause)
      // If the OP did not answer, another way will not help. If it refused, another may.
      if (isUnreachable(failure)) break
    }
  }
  // The next refresh would tell the same. Where no frame answers, only the person can help.
  throw moved?.moved && isSilence(failure) ? moved.moved : failure
}

/** A frame may give no refresh token: then that of the session is still good, unless another person came back. */
function withRefreshToken(tokens: TokenSet, { account, refreshToken }: TokenSet): TokenSet {
  return isSameAccount(tokens.account, account) ? { ...defined({ refreshToken }), ...tokens } : tokens
}

function waysFor({ options, frames, browserSession }: ClientContext, old: SessionTokens): readonly Way[] {
  const canUse = (via: Way): boolean =>
    via === 'refresh' ? old.refreshToken !== undefined : frames.isAllowed
  const ways = options.renewal.via.filter(canUse)
  // A tab that is gone has used this refresh token, and the OP may end the session when it sees it again.
  const isUsed = browserSession.hasNewerThan(old.serial)
  return isUsed ? [...ways.filter(via => via !== 'refresh'), ...ways.filter(via => via === 'refresh')] : ways
}

/** The OP is there, but its frame says nothing. */
export function isSilence(error: unknown): boolean {
  return error instanceof UnansweredError || error instanceof FramesBlockedError
}

/** Whether the OP gave no answer at all. A frame that stays silent may be a page that refuses to be framed. */
function isUnreachable(error: AnyAuthError): boolean {
  return (
    error instanceof NetworkError ||
    (error instanceof AuthTimeoutError && !(error instanceof UnansweredError))
  )
}
