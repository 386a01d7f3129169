import { defined } from '../core/defined.ts'
import { IdTokenError } from '../core/errors.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'
import type { TokenSet } from '../core/tokens.ts'
import type { Refreshed } from './openid-provider-types.ts'
import { readTokens, type TokenRules, tokenSet } from './read-tokens.ts'

/**
 * The answer to a refresh, checked. Without a refresh token the old one stays. Without an ID Token the old one and its
 * claims stay, and nothing about freshness has changed; so too where the new ID Token does not say any more when the
 * person signed in: the old one is what shows that to a backend.
 *
 * @param authTime of the profile: for `person`, a newer `auth_time` is no sign of another login here
 * @throws {IdTokenError} also when the ID Token is not a successor of the old one
 * @see OpenID Connect Core 1.0 §12.2
 */
export async function readRefreshedTokens(
  response: Record<string, unknown>,
  rules: TokenRules,
  old: TokenSet,
  authTime: ProviderProfile['authTime'],
): Promise<Refreshed> {
  const answer = { refresh_token: old.refreshToken, ...response }
  const keepLogin = (): Refreshed => ({
    tokens: tokenSet(answer, old.idToken, old.claims, rules),
    unusable: null,
  })
  if (response.id_token === undefined) return keepLogin()
  const tokens = await readTokens(answer, rules, undefined)
  checkSuccessor(tokens, old)
  const [before, now] = [old.claims.auth_time, tokens.claims.auth_time]
  if (now === before || before === undefined) return { tokens, unusable: null }
  if (now === undefined || now === null) return keepLogin()
  if (authTime === 'person') return { tokens, unusable: null }
  // The OP's session has moved on without us, and only the OP can say whose it is now.
  return { tokens: withRotated(old, tokens), unusable: new IdTokenError('auth_time', 'mismatch') }
}

/** The old tokens, with the refresh token that is good now. */
export function withRotated(old: TokenSet, { refreshToken }: TokenSet): TokenSet {
  return { ...old, ...defined({ refreshToken }) }
}

/** @throws {IdTokenError} */
function checkSuccessor({ claims }: TokenSet, old: TokenSet): void {
  const { iss, sub, aud, azp, nonce } = claims
  const same = (claim: string, good: boolean): void => {
    if (!good) throw new IdTokenError(claim, 'mismatch')
  }
  same('iss', iss === old.claims.iss)
  same('sub', sub === old.claims.sub)
  same('aud', String(aud) === String(old.claims.aud))
  same('azp', azp === old.claims.azp)
  same('nonce', nonce === undefined || nonce === old.claims.nonce)
}
