import { ownSigner, type UnsignedJwt } from './mint.ts'
import { profileOf } from './people.ts'
import type { Script, TokenAnswer } from './script.ts'
import type { Login } from './scripted-logins.ts'

type Claims = Readonly<Record<string, unknown>>

/** Seconds that access tokens and ID Tokens live. */
const lifetime = 300

/** All that comes from one authorization: when one of its tokens is stolen or revoked, all are over. */
interface Family {
  readonly login: Login
  isRevoked: boolean
}

/** Access and refresh token. */
export type IssuedTokens = Pick<TokenAnswer, 'access_token' | 'expires_in' | 'refresh_token'>

/** The tokens that an OP has given. */
export interface Tokens {
  /** An ID Token that repeats this login. */
  idToken(login: Login, claims: Claims): UnsignedJwt
  /** The first ones of a new authorization. */
  issue(login: Login): IssuedTokens
  /** Those that take the place of this refresh token, or null: each is good once, and a second use ends its family. */
  rotate(refreshToken: string): { readonly issued: IssuedTokens; readonly login: Login } | null
  revoke(token: string): void
  /** Whose access token it is, while it is good. */
  loginOf(accessToken: string): Login | null
}

export function createTokens(script: Script): Tokens {
  const refreshTokens = new Map<string, { readonly family: Family; isUsed: boolean }>()
  const accessTokens = new Map<string, { readonly family: Family; readonly expiresAt: number }>()
  let count = 0

  const issueFor = (family: Family): IssuedTokens => {
    count++
    const issued = {
      access_token: `access-token-${count}`,
      expires_in: lifetime,
      refresh_token: `refresh-token-${count}`,
    }
    accessTokens.set(issued.access_token, { family, expiresAt: script.now() + lifetime })
    refreshTokens.set(issued.refresh_token, { family, isUsed: false })
    return issued
  }

  return {
    idToken({ person, authTime, acr, isNew }, claims) {
      const now = script.now()
      const ofLogin = { auth_time: authTime, ...(acr !== undefined && { acr }) }
      return {
        header: { alg: 'ES256', typ: 'JWT', kid: ownSigner.kid },
        claims: {
          iss: script.issuer,
          aud: script.clientId,
          iat: now,
          exp: now + lifetime,
          ...profileOf(person),
          auth_time: authTime,
          ...person.claims,
          ...(isNew && ofLogin),
          ...claims,
        },
      }
    },
    issue: login => issueFor({ login, isRevoked: false }),
    rotate(refreshToken) {
      const known = refreshTokens.get(refreshToken)
      if (!known) return null
      if (known.isUsed) known.family.isRevoked = true
      known.isUsed = true
      if (known.family.isRevoked) return null
      return { issued: issueFor(known.family), login: known.family.login }
    },
    revoke(token) {
      const known = refreshTokens.get(token) ?? accessTokens.get(token)
      if (known) known.family.isRevoked = true
    },
    loginOf(accessToken) {
      const known = accessTokens.get(accessToken)
      const isGood = known && !known.family.isRevoked && script.now() < known.expiresAt
      return isGood ? known.family.login : null
    },
  }
}
