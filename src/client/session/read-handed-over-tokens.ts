import { accountOf } from '../../core/account.ts'
import { decodeIdToken, isRecord } from '../../core/claims.ts'
import { defined } from '../../core/defined.ts'
import type { TokenSet } from '../../core/tokens.ts'
import type { ResolvedOptions } from '../resolved-options.ts'

/** Reads tokens that were handed over; null when they cannot be used. */
export type ReadTokens = (tokens: unknown) => TokenSet | null

/**
 * Checks tokens that another tab, or this tab's storage, hands over. Only their ID Token says whose they are. They are
 * input like any other: null for what has another shape, names another issuer or client, or was received in the future,
 * which would make it the newest for ever. It proves nothing: a script that writes there is of this origin, and can make
 * up an ID Token without a signature. But the person on screen is the one that the backend is told of.
 */
export function readHandedOver(
  tokens: unknown,
  { issuer, clientId, clockSkew }: Pick<ResolvedOptions, 'issuer' | 'clientId' | 'clockSkew'>,
): TokenSet | null {
  if (!isRecord(tokens)) return null
  const { accessToken, tokenType, idToken, refreshToken, receivedAt, accessTokenExpiresAt } = tokens
  if (!isText(accessToken) || !isText(tokenType) || !isText(idToken)) return null
  if (refreshToken !== undefined && !isText(refreshToken)) return null
  if (!isTime(receivedAt) || receivedAt > Date.now() + clockSkew * 1000) return null
  if (accessTokenExpiresAt !== null && !isTime(accessTokenExpiresAt)) return null
  try {
    const { claims } = decodeIdToken(idToken)
    const { iss, aud } = claims
    if (iss !== issuer || !(aud === clientId || (Array.isArray(aud) && aud.includes(clientId)))) return null
    const known = { accessToken, tokenType, idToken, receivedAt, accessTokenExpiresAt }
    return { ...known, ...defined({ refreshToken }), account: accountOf(claims), claims }
  } catch {
    return null
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const isTime = (value: unknown): value is number => Number.isFinite(value) && Number(value) >= 0
