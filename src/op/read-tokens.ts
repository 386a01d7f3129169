import { accountOf } from '../core/account.ts'
import { acrsOf } from '../core/acr.ts'
import { decodeIdToken, type IdTokenClaims } from '../core/claims.ts'
import { defined } from '../core/defined.ts'
import { AuthorizationResponseError, IdTokenError } from '../core/errors.ts'
import { evaluateFreshness } from '../core/freshness.ts'
import { checkIdToken, type IdTokenExpectation } from '../core/id-token.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'
import type { TokenSet, Transaction } from '../core/tokens.ts'
import { checkAtHash } from './at-hash.ts'

/** The rules for the answers of one OP. */
export interface TokenRules extends Omit<IdTokenExpectation, 'nonce'> {
  /** The same moment as `now`, by this device's clock. */
  readonly deviceTime: number
  /** The signature algorithms that the OP says it uses; undefined when it does not say. */
  readonly algorithms?: readonly string[] | undefined
  /** The type that tokens must have, in small letters. */
  readonly tokenType: 'bearer' | 'dpop'
  /** Verifies the signature. False leaves it to the backend. */
  readonly verify: ((idToken: string) => Promise<void>) | false
}

/**
 * The tokens of a token endpoint's answer, checked by every rule of OpenID Connect Core §3.1.3.7. The signature is
 * checked only if `rules.verify` does it.
 *
 * @param nonce of the request, which the ID Token must repeat; undefined after a refresh
 * @throws {IdTokenError}
 * @throws {AuthorizationResponseError} `access_token_missing`, `token_type_missing`, and `token_type_mismatch` for a
 *   bearer token where a bound one was asked for, or the other way round
 */
export async function readTokens(
  response: Record<string, unknown>,
  rules: TokenRules,
  nonce: string | undefined,
): Promise<TokenSet> {
  const decoded = decodeIdToken(response.id_token)
  const { header, claims } = decoded
  checkIdToken(header, claims, { ...rules, ...defined({ nonce }) })
  if (rules.algorithms && !rules.algorithms.includes(header.alg as string)) {
    throw new IdTokenError('alg', 'mismatch')
  }
  const tokens = tokenSet(response, response.id_token as string, claims, rules)
  await checkAtHash(decoded, tokens.accessToken)
  if (rules.verify) await rules.verify(tokens.idToken)
  return tokens
}

/** The tokens of an answer, with an ID Token that has been checked and the claims in it. */
export function tokenSet(
  response: Record<string, unknown>,
  idToken: string,
  claims: IdTokenClaims,
  rules: TokenRules,
): TokenSet {
  const { access_token: accessToken, token_type: tokenType, refresh_token: refreshToken } = response
  if (typeof accessToken !== 'string' || accessToken === '')
    throw new AuthorizationResponseError('access_token_missing')
  if (typeof tokenType !== 'string' || tokenType === '')
    throw new AuthorizationResponseError('token_type_missing')
  // A token of an unknown type must not be used (RFC 6749 §7.1), nor one that is not bound after all (RFC 9449 §5).
  if (tokenType.toLowerCase() !== rules.tokenType) throw new AuthorizationResponseError('token_type_mismatch')
  const lifetime = readLifetime(response.expires_in)
  return {
    account: accountOf(claims),
    claims,
    accessToken,
    tokenType,
    idToken,
    ...defined({ refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined }),
    accessTokenExpiresAt: lifetime === null ? null : rules.deviceTime + lifetime,
  }
}

/**
 * The whole seconds that an access token lives, or null for anything that is no lifetime. Some OPs write it as text.
 *
 * @see RFC 6749 §5.1 (`expires_in`)
 */
function readLifetime(expiresIn: unknown): number | null {
  const isNumeric = typeof expiresIn === 'string' && /^\d+(\.\d+)?$/.test(expiresIn)
  const seconds = isNumeric ? Number(expiresIn) : expiresIn
  // A token that is over when it comes would be renewed again and again.
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 1) return null
  return Math.floor(seconds)
}

/**
 * Where a login falls short of what its transaction asked for, or null.
 *
 * @param acrClaim of the profile: where the acr is reported
 * @see OpenID Connect Core 1.0 §3.1.3.7 items 12 and 13
 */
export function shortfallOf(
  { startedAt, maxAge, acrValues, newLogin }: Transaction,
  claims: IdTokenClaims,
  { clockSkew, acrClaim }: { readonly clockSkew: number } & Pick<ProviderProfile, 'acrClaim'>,
): IdTokenError | null {
  if (maxAge !== undefined) {
    // Counted from the start: the person may take their time after the login, and the backend judges by its own clock.
    // A login that is exactly as old as allowed, with the skew, still counts.
    const requirement = { after: startedAt - maxAge - clockSkew - 1 }
    const failure = evaluateFreshness(claims, requirement, Number.POSITIVE_INFINITY, clockSkew)
    const reasons = { stale: 'too_old', auth_time_missing: 'missing' } as const
    if (failure) return new IdTokenError('auth_time', reasons[failure as 'stale'] ?? 'malformed')
  }
  if (newLogin && isFromBefore(startedAt - clockSkew, claims)) return new IdTokenError('auth_time', 'too_old')
  const isUnmet = acrValues && !acrsOf(claims, acrClaim).some(acr => acrValues.includes(acr))
  return isUnmet ? new IdTokenError(acrClaim === 'acrs' ? 'acrs' : 'acr', 'mismatch') : null
}

/**
 * Whether a token tells of a login before that time, in epoch seconds. Many OPs do not tell, and some write a zero
 * then: `prompt=login` obliges them to ask or to fail, so those are believed.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1 (`prompt`)
 */
function isFromBefore(time: number, { auth_time: authTime }: IdTokenClaims): boolean {
  return Number.isSafeInteger(authTime) && authTime !== 0 && Number(authTime) < time
}
