import { IdTokenError } from '../core/errors.ts'
import type { TokenSet } from '../core/tokens.ts'
import { readTokens, type TokenRules, tokenSet } from './read-tokens.ts'

/**
 * The answer to a refresh, checked. Without an ID Token the old claims stay, and nothing about freshness has changed;
 * without a refresh token the old one stays.
 *
 * @throws {IdTokenError} also when the ID Token is not a successor of the old one
 * @see OpenID Connect Core 1.0 §12.2
 */
export async function readRefreshedTokens(
  response: Record<string, unknown>,
  rules: TokenRules,
  old: TokenSet,
): Promise<TokenSet> {
  const answer = { refresh_token: old.refreshToken, ...response }
  if (response.id_token === undefined) return tokenSet(answer, old.idToken, old.claims, rules)
  const renewed = await readTokens(answer, rules, undefined)
  const { iss, sub, aud, azp, nonce, auth_time: authTime } = renewed.claims
  const same = (claim: string, good: boolean): void => {
    if (!good) throw new IdTokenError(claim, 'mismatch')
  }
  same('iss', iss === old.claims.iss)
  same('sub', sub === old.claims.sub)
  same('aud', String(aud) === String(old.claims.aud))
  same('azp', azp === old.claims.azp)
  same('nonce', nonce === undefined || nonce === old.claims.nonce)
  // A newer login: the OP's session has moved on without us, and only the OP can say whose it is now.
  same('auth_time', authTime === undefined || authTime === old.claims.auth_time)
  return renewed
}
