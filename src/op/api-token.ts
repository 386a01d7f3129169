import { type ApiTarget, targetKey } from '../core/api-target.ts'
import { defined } from '../core/defined.ts'
import type { AccessToken, TokenSet } from '../core/tokens.ts'

/**
 * The tokens of a login whose code was exchanged for the access token of one API. The session's own token is not among
 * them: it counts as over, so that it is renewed before it is used.
 */
export function asApiLogin(answer: TokenSet, target: ApiTarget): TokenSet {
  return { ...answer, accessTokenExpiresAt: 0, others: { [targetKey(target)]: tokenIn(answer) } }
}

/** The tokens after a refresh for one API: the session's own stay, but for the refresh token. */
export function withApiToken(old: TokenSet, answer: TokenSet, target: ApiTarget): TokenSet {
  const { refreshToken } = answer
  const others = { ...old.others, [targetKey(target)]: tokenIn(answer) }
  return { ...old, ...defined({ refreshToken }), others }
}

function tokenIn({ accessToken, tokenType, accessTokenExpiresAt }: TokenSet): AccessToken {
  return { accessToken, tokenType, accessTokenExpiresAt }
}
