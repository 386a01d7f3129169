import { base64url } from 'jose'
import type { KeyRing } from '../crypto/key-ring.ts'
import { node } from '../crypto/node-crypto.ts'
import type { ChallengeClaims, GrantClaims } from './own-claims.ts'

/** The `typ` of a challenge. Exact, so that a challenge is never taken for a grant or an ID Token. */
export const challengeType = 'step-up-challenge+jwt'
/** The `typ` of a grant. Exact, so that a grant is never taken for a challenge or an ID Token. */
export const grantType = 'step-up-grant+jwt'

const utf8 = new TextDecoder()

function encode(value: object): string {
  const text = JSON.stringify(value)
  return node ? node.Buffer.from(text).toString('base64url') : base64url.encode(text)
}

function decode(text: string): unknown {
  return JSON.parse(
    node ? node.Buffer.from(text, 'base64url').toString() : utf8.decode(base64url.decode(text)),
  )
}

const headers = {
  [challengeType]: encode({ alg: 'HS256', typ: challengeType }),
  [grantType]: encode({ alg: 'HS256', typ: grantType }),
}

interface ClaimsByType {
  readonly [challengeType]: ChallengeClaims
  readonly [grantType]: GrantClaims
}

/** The claims that all tokens of one guard share. */
export interface OwnParties {
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  /** Epoch seconds. It is not known whether a token that was issued before then has been used. */
  readonly since: number
}

type Given<T extends keyof ClaimsByType> = Omit<
  ClaimsByType[T],
  'jti' | 'iss' | 'aud' | 'client_id' | 'iat' | 'exp'
>

/** A token as it was read. Only the claims of one that is ours and of the right type are given. */
export type OwnToken<Claims> =
  | { readonly state: 'expired'; readonly claims: Claims }
  | { readonly state: 'valid'; readonly claims: Claims; readonly derive: Derive }
  | { readonly state: 'invalid' }

/**
 * Makes another secret of a token: 43 characters of base64url, the same each time, by the key that signed the token. Whoever
 * has the token cannot make it.
 *
 * @param label what it is for; each has secrets of its own
 */
export type Derive = (label: string) => Promise<string>

/** A token that was just signed. */
export interface SignedToken {
  readonly token: string
  readonly jti: string
}

/** Signs and reads the server's own tokens. Times in epoch seconds, `ttl` in seconds. */
export interface OwnTokens {
  sign<T extends keyof ClaimsByType>(
    type: T,
    claims: Given<T>,
    now: number,
    ttl: number,
  ): Promise<SignedToken>
  read<T extends keyof ClaimsByType>(type: T, token: string, now: number): Promise<OwnToken<ClaimsByType[T]>>
}

const invalid = { state: 'invalid' } as const

/**
 * Signs and reads tokens with HS256, by keys that never leave the backend.
 *
 * @see RFC 7515 §5 (JWS), RFC 7518 §3.2 (HS256), RFC 8725 §3.11 (explicit typing)
 */
export function createOwnTokens(keys: KeyRing, parties: OwnParties): OwnTokens {
  const { issuer, audience, clientId, since } = parties
  return {
    async sign(type, claims, now, ttl) {
      const jti = crypto.randomUUID()
      const fixed = { jti, iss: issuer, aud: audience, client_id: clientId, iat: now, exp: now + ttl }
      const text = `${headers[type]}.${encode({ ...fixed, ...claims })}`
      return { token: `${text}.${await keys.sign(text)}`, jti }
    },
    async read(type, token, now) {
      // Each type has one header, to the letter: no other algorithm, no `crit`, not the other type's.
      const start = `${headers[type]}.`
      const end = token.lastIndexOf('.')
      if (!token.startsWith(start)) return invalid
      const mac = await keys.signerOf(token.slice(0, end), token.slice(end + 1))
      if (!mac) return invalid
      // The signature vouches for the shape: only `sign` above makes tokens of this type.
      const claims = decode(token.slice(start.length, end)) as ClaimsByType[typeof type]
      if (claims.iss !== issuer || claims.aud !== audience) return invalid
      // Version 0.1 named no client. Its last tokens count as expired.
      if (claims.client_id === undefined) return { state: 'expired', claims }
      if (claims.client_id !== clientId) return invalid
      // No tolerance: the time was written by the clock that reads it, ours.
      const isLive = claims.iat >= since && now < claims.exp
      if (!isLive) return { state: 'expired', claims }
      // All that the key signs begins with a word of its own: a token with its header, a cookie with `binding`.
      return { state: 'valid', claims, derive: label => mac(`${label} ${token}`) }
    },
  }
}
