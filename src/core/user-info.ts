import type { IdTokenClaims } from './claims.ts'
import { AuthorizationResponseError } from './errors.ts'

/** What the userinfo endpoint says of a person, without the claims of the protocol. */
export type UserInfo = Readonly<Record<string, unknown>>

/** Only an ID Token may say these: who the person is, for whom and when it is, and how the person signed in. */
const protocolClaims: readonly string[] = [
  ...['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'azp', 'nonce', 'sid', 'cnf'],
  ...['auth_time', 'acr', 'acrs', 'amr', 'at_hash', 'c_hash', 's_hash'],
]

/**
 * The claims of a userinfo answer about this person.
 *
 * @param sub of the ID Token
 * @throws {AuthorizationResponseError} `userinfo_sub_mismatch`: nothing of it may be used
 * @see OpenID Connect Core 1.0 §5.3.2
 */
export function readUserInfo(answer: Readonly<Record<string, unknown>>, sub: string): UserInfo {
  if (answer.sub !== sub) throw new AuthorizationResponseError('userinfo_sub_mismatch')
  return withoutProtocol(answer)
}

/** An ID Token's claims, and what userinfo says besides. Where both say something, the ID Token counts. */
export function withUserInfo(claims: IdTokenClaims, userInfo: UserInfo): IdTokenClaims {
  return { ...withoutProtocol(userInfo), ...claims }
}

function withoutProtocol(claims: UserInfo): UserInfo {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !protocolClaims.includes(name)))
}
