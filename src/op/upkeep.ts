import { AuthorizationResponseError, IdTokenError } from '../core/errors.ts'
import type { TokenSet } from '../core/tokens.ts'
import { readTokens, type TokenRules, tokenSet } from './tokens.ts'

type Form = Readonly<Record<string, string>>
type RequestTokens = (form: Form) => Promise<[Record<string, unknown>, TokenRules]>

/** @throws {AuthorizationResponseError} `refresh_token_missing` */
export async function refresh(request: RequestTokens, tokens: TokenSet): Promise<TokenSet> {
  const { refreshToken } = tokens
  if (refreshToken === undefined) throw new AuthorizationResponseError('refresh_token_missing')
  const answer = await request({ grant_type: 'refresh_token', refresh_token: refreshToken })
  return readRefreshedTokens(...answer, tokens)
}

/** What to send to the revocation endpoint: with a refresh token goes all that came from it (RFC 7009 §2.1). */
export function revocation({ refreshToken, accessToken }: TokenSet): Form {
  const hint = refreshToken === undefined ? 'access_token' : 'refresh_token'
  return { token: refreshToken ?? accessToken, token_type_hint: hint }
}

/**
 * A refresh's answer. Without an ID Token the old claims stay, and nothing about freshness has changed.
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
  const { sub, aud, azp, nonce, auth_time: authTime } = renewed.claims
  const same = (claim: string, good: boolean): void => {
    if (!good) throw new IdTokenError(claim, 'mismatch')
  }
  same('sub', sub === old.claims.sub)
  same('aud', String(aud) === String(old.claims.aud))
  same('azp', azp === old.claims.azp)
  same('nonce', nonce === undefined || nonce === old.claims.nonce)
  // Newer: the OP's session has moved on without us, and only the OP can say whose it is now.
  same('auth_time', authTime === undefined || authTime === old.claims.auth_time)
  return renewed
}
