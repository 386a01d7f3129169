import { type ApiTarget, targetKey } from '../core/api-target.ts'
import { decodeIdToken } from '../core/claims.ts'
import { defined } from '../core/defined.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'
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

/**
 * Whether an access token says that it is for another API than the one it was asked for. Auth0 gives one for the default
 * audience where the refresh token is not good for the wanted one. A token that is no JWT says nothing.
 *
 * @see RFC 9068 §2.2 (`aud`)
 */
export function isForAnotherApi(
  { accessToken }: TokenSet,
  { resource }: ApiTarget,
  { resourceParam }: Pick<ProviderProfile, 'resourceParam'>,
): boolean {
  if (resourceParam !== 'audience' || resource === undefined) return false
  try {
    // A JWT access token has all claims that this function looks for.
    const { aud } = decodeIdToken(accessToken).claims
    return ![aud].flat().includes(resource)
  } catch {
    return false
  }
}

function tokenIn({ accessToken, tokenType, accessTokenExpiresAt }: TokenSet): AccessToken {
  return { accessToken, tokenType, accessTokenExpiresAt }
}
