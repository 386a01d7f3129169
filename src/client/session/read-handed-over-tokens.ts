import { accountOf } from '../../core/account.ts'
import { decodeIdToken, isRecord } from '../../core/claims.ts'
import { defined } from '../../core/defined.ts'
import type { AccessToken, SessionTokens } from '../../core/tokens.ts'
import { withUserInfo } from '../../core/user-info.ts'
import type { ResolvedOptions } from '../resolved-options.ts'
import { isCount } from './session-record.ts'

/** Reads tokens that were handed over; null when they cannot be used. */
export type ReadTokens = (tokens: unknown) => SessionTokens | null

/**
 * Checks tokens that another tab, or this tab's storage, hands over. Only their ID Token says whose they are. They are
 * input like any other: null for what has another shape, or names another issuer or client. It proves nothing: a script
 * that writes there is of this origin, and can make up an ID Token without a signature. But the person on screen is the
 * one that the backend is told of.
 */
export function readHandedOver(
  tokens: unknown,
  { issuers, clientId }: Pick<ResolvedOptions, 'issuers' | 'clientId'>,
): SessionTokens | null {
  if (!isRecord(tokens)) return null
  const { idToken, refreshToken, epoch, serial } = tokens
  const userInfo = isRecord(tokens.userInfo) ? tokens.userInfo : undefined
  const accessToken = readAccessToken(tokens)
  if (!accessToken || !isText(idToken)) return null
  if (refreshToken !== undefined && !isText(refreshToken)) return null
  if (!isCount(epoch) || !isCount(serial)) return null
  const others = readOthers(tokens.others)
  try {
    const { claims: own } = decodeIdToken(idToken)
    const { iss, aud } = own
    if (!issuers.includes(iss) || !(aud === clientId || (Array.isArray(aud) && aud.includes(clientId))))
      return null
    const known = { ...accessToken, idToken, epoch, serial }
    const claims = userInfo ? withUserInfo(own, userInfo) : own
    return { ...known, ...defined({ refreshToken, others, userInfo }), account: accountOf(claims), claims }
  } catch {
    return null
  }
}

function readAccessToken(token: unknown): AccessToken | null {
  if (!isRecord(token)) return null
  const { accessToken, tokenType, accessTokenExpiresAt } = token
  if (!isText(accessToken) || !isText(tokenType)) return null
  if (accessTokenExpiresAt !== null && !isTime(accessTokenExpiresAt)) return null
  return { accessToken, tokenType, accessTokenExpiresAt }
}

/** Without those that cannot be used: the OP gives another. */
function readOthers(others: unknown): Readonly<Record<string, AccessToken>> | undefined {
  if (!isRecord(others)) return undefined
  const read = Object.entries(others).flatMap(([key, token]) => {
    const known = readAccessToken(token)
    return known ? [[key, known] as const] : []
  })
  return read.length > 0 ? Object.fromEntries(read) : undefined
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const isTime = (value: unknown): value is number => Number.isFinite(value) && Number(value) >= 0
