import { base64url } from 'jose'
import { createMac, isSameText } from '../crypto/hash.ts'
import { node } from '../crypto/node.ts'

/** Exact types, so that neither token is ever taken for the other, nor for an ID Token. */
export const challengeType = 'step-up-challenge+jwt'
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

interface OwnClaims {
  readonly jti: string
  /** The OP's issuer. */
  readonly iss: string
  /** This API. */
  readonly aud: string
  readonly sub: string
  readonly action: string
  readonly context_hash?: string | undefined
  readonly iat: number
  readonly exp: number
  /** The hash of the browser's binding cookie, or its DPoP key's thumbprint. */
  readonly binding: string
}

/** The server's signed demand. `auth_time` is the person's login at that moment, if it was known. */
export interface ChallengeClaims extends OwnClaims {
  readonly max_age: number
  readonly acr_values?: string | undefined
  readonly auth_time?: number | undefined
}

/** The server's signed, single-use answer: this person may do this action now. */
export interface GrantClaims extends OwnClaims {
  readonly auth_time: number
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  /** Absent when the person was fresh enough without a challenge. */
  readonly challenge_jti?: string | undefined
}

interface ClaimsByType {
  readonly [challengeType]: ChallengeClaims
  readonly [grantType]: GrantClaims
}

type Given<T extends keyof ClaimsByType> = Omit<ClaimsByType[T], 'jti' | 'iss' | 'aud' | 'iat' | 'exp'>

/** Signs and reads the server's own tokens. Times in epoch seconds, `ttl` in seconds. */
export interface OwnTokens {
  sign<T extends keyof ClaimsByType>(type: T, claims: Given<T>, now: number, ttl: number): Promise<string>
  /** `expired` is said only of a token that is ours and of this type; anything else unusable is `invalid`. */
  read<T extends keyof ClaimsByType>(
    type: T,
    token: string,
    now: number,
  ): Promise<ClaimsByType[T] | 'invalid' | 'expired'>
}

/**
 * HS256 with keys that never leave the backend: the first signs, all verify, so that keys can be rotated.
 *
 * @see RFC 7515 §5 (JWS), RFC 7518 §3.2 (HS256), RFC 8725 §3.11 (explicit typing)
 */
export function createOwnTokens(
  keys: readonly [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]],
  issuer: string,
  audience: string,
): OwnTokens {
  const mac = createMac(keys[0])
  const macs = [mac, ...keys.slice(1).map(createMac)]

  async function isSigned(text: string, signature: string): Promise<boolean> {
    for (const mac of macs) if (isSameText(await mac(text), signature)) return true
    return false
  }

  return {
    async sign(type, claims, now, ttl) {
      const jti = crypto.randomUUID()
      // In this order: with the spread first, V8 takes many times longer to make it.
      const payload = { jti, iss: issuer, aud: audience, iat: now, exp: now + ttl, ...claims }
      const text = `${headers[type]}.${encode(payload)}`
      return `${text}.${await mac(text)}`
    },
    async read(type, token, now) {
      // Each type has one header, to the letter: no other algorithm, no `crit`, not the other type's.
      const start = `${headers[type]}.`
      const end = token.lastIndexOf('.')
      if (!token.startsWith(start)) return 'invalid'
      if (!(await isSigned(token.slice(0, end), token.slice(end + 1)))) return 'invalid'
      // The signature vouches for the shape: only `sign` above makes tokens of this type.
      const claims = decode(token.slice(start.length, end)) as ClaimsByType[typeof type]
      if (claims.iss !== issuer || claims.aud !== audience) return 'invalid'
      // No tolerance: one clock, ours, wrote it and reads it.
      return now < claims.exp ? claims : 'expired'
    },
  }
}
