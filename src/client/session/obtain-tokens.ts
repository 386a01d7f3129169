import { isSameAccount } from '../../core/account.ts'
import { type ApiTarget, targetKey } from '../../core/api-target.ts'
import { defined } from '../../core/defined.ts'
import { type AccessToken, accessTokenFor, type SessionTokens, type TokenSet } from '../../core/tokens.ts'
import type { ClientContext } from '../context.ts'
import { askOpForTokens } from './ask-op-for-tokens.ts'
import { goodOf } from './carry-over.ts'
import { isValidFor } from './token-life.ts'
import { isNewerOrOtherPerson, isSameLogin } from './vault.ts'

/** Tokens to go on with, and who gave them. */
export type Obtained =
  | { readonly origin: 'op'; readonly tokens: TokenSet }
  | { readonly origin: 'tab'; readonly tokens: SessionTokens }

/**
 * Obtains a new access token for the session's: another tab's, if it was first, else the OP's. None where the session has
 * another than the `old` one by now.
 *
 * @param target the API that it is for; null for the session's own, which new tokens of the session come with
 * @param use takes tokens that become the session's, or are another person's. It is called before another tab's turn, so
 * that no refresh token is used twice
 * @throws {AnyAuthError} that the last way ended with, and what `use` throws
 */
export function obtainTokens(
  context: ClientContext,
  old: SessionTokens,
  target: ApiTarget | null,
  use: (obtained: Obtained) => void,
): Promise<void> {
  const { browser, vault, tabs, keys, options, browserSession } = context
  const keepRotated = (spent: string | undefined, refreshToken: string): void => {
    if (browserSession.isBehind() || spent === undefined || refreshToken === spent) return
    vault.rotate(spent, refreshToken)
    if (!vault.current) return
    browserSession.open(false)
    tabs.send({ type: 'session', tokens: vault.current })
  }
  // A client that is not mounted hears the others only now.
  const stop = tabs.listen()
  const refused = accessTokenFor(old, target)
  /** The session, while it needs a token. */
  const needy = (): SessionTokens | null => {
    const { current } = vault
    if (!current || !isSameAccount(current.account, old.account)) return null
    const token = accessTokenFor(current, target)
    return isSameToken(token, refused) || !isValidFor(token, 0, browser.clock) ? current : null
  }
  const work = async (): Promise<void> => {
    // Another tab may have been first, and its news may have come or be on their way.
    const before = needy()
    if (!before) return
    const newer = await tabs.ask(tokens => isNewerOrOtherPerson(tokens, before))
    // The session has ended meanwhile: tokens that the refresh token brings now would belong to no person.
    const current = needy()
    if (!current) return
    if (newer && isNewerOrOtherPerson(newer, current)) use({ tokens: newer, origin: 'tab' })
    const session = needy()
    // The news of a sign-out in another tab may not have come.
    if (!session || browserSession.isBehind()) return
    const keep = (refreshToken: string): void => keepRotated(session.refreshToken, refreshToken)
    const answer = await askOpForTokens(context, session, target, keep)
    // The person signed out, or signed in anew, while the OP was thinking.
    if (browserSession.isBehind()) return
    const isOther = !isSameAccount(answer.account, session.account)
    if (target && !isOther) return addToken(context, session, answer, target)
    const merged = mergeInto(vault.current, session, answer)
    if (merged) use({ tokens: merged, origin: 'op' })
  }
  return tabs.exclusively(keys.renewalLock, longestRenewal(options), work).finally(stop)
}

/** An OP may give the same text once more, with a new end. */
function isSameToken(a: AccessToken | null, b: AccessToken | null): boolean {
  return a?.accessToken === b?.accessToken && a?.accessTokenExpiresAt === b?.accessTokenExpiresAt
}

/** The session takes an API's token, and the refresh token that has come with it. Nothing that is shown changes. */
function addToken(
  { browser, vault, browserSession, tabs }: ClientContext,
  asked: SessionTokens,
  answer: TokenSet,
  target: ApiTarget,
): void {
  const { current } = vault
  const token = accessTokenFor(answer, target)
  // The same person may have signed out and in again: what the former sign-in brings has been revoked.
  if (!current || !token || browserSession.isClosed(asked.epoch)) return
  if (!isSameAccount(current.account, answer.account)) return
  // The login of a step-up may have come between, with tokens of its own.
  const known = accessTokenFor(current, target)
  const isOvertaken = known !== null && !isSameToken(known, accessTokenFor(asked, target))
  const isSpent = current.refreshToken === asked.refreshToken
  const { refreshToken } = isSpent ? answer : current
  const added = isOvertaken ? {} : { [targetKey(target)]: token }
  const others = { ...goodOf(current.others, browser.clock), ...added }
  const serial = browserSession.nextSerial()
  const tokens = { ...current, ...defined({ refreshToken }), others, serial }
  vault.replace(tokens)
  // A tab that was away must know that the refresh token has been used.
  browserSession.open(false)
  tabs.send({ type: 'session', tokens })
}

/**
 * What the session goes on with when the OP has answered. The login of a step-up may have come between, and has taken
 * along a refresh token that is spent now. Null where the answer is of no use.
 */
function mergeInto(current: SessionTokens | null, asked: SessionTokens, answer: TokenSet): TokenSet | null {
  if (current && isSameLogin(current, asked)) return answer
  const { refreshToken } = answer
  const isSpent = asked.refreshToken !== undefined && current?.refreshToken === asked.refreshToken
  if (!current || !isSpent || refreshToken === undefined || refreshToken === asked.refreshToken) return null
  return isSameAccount(current.account, answer.account) ? { ...current, refreshToken } : null
}

/** Seconds: the answers of the other tabs, a refresh, and a frame with the exchange of its code. */
function longestRenewal({ timeLimit }: ClientContext['options']): number {
  return 1 + 2 * timeLimit
}
