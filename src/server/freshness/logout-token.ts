import { type CompactVerifyGetKey, decodeProtectedHeader } from 'jose'
import { isRecord, type JoseHeader } from '../../core/claims.ts'
import { missing, type Problem, problem } from '../http/problem.ts'
import { failed, isUnavailable, type Refusal } from '../http/refusal.ts'
import { timesProblem } from '../http/times-problem.ts'
import { signatureProblem, verifySignature } from '../provider/verify-signature.ts'
import { isText } from '../setup/need.ts'

type Claims = Readonly<Record<string, unknown>>

/** What a logout token must agree with. Times in seconds. */
export interface LogoutTokenExpectation {
  /** The issuers that `iss` may name. */
  readonly issuers: readonly string[]
  readonly clientId: string
  readonly clockSkew: number
  /** By how much the OP dates `iat` back. */
  readonly iatLag: number
}

/** The claims of a genuine logout token. `sub`, `sid` or both are there. */
export interface LogoutClaims extends Claims {
  readonly iss: string
  readonly sub?: string
  readonly sid?: string
  /** Epoch seconds. */
  readonly iat: number
  readonly jti: string
}

/** A logout token that holds. */
export interface VerifiedLogoutToken {
  readonly claims: LogoutClaims
  /** Epoch seconds: it is accepted before then. */
  readonly until: number
}

/** Verifies a logout token. That it was not used before is *not* checked. `now` in epoch seconds. */
export type VerifyLogoutToken = (token: string, now: number) => Promise<VerifiedLogoutToken>

/** The member of `events` that makes a JWT a logout token. */
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

/** For how many seconds after its `iat` any logout token is accepted. What was used is remembered for as long. */
const longest = 3_600

/**
 * The same for a token without `exp`: what the specification says of the longest `exp`. It demands that claim, but Ory
 * Hydra and LemonLDAP::NG send none, and a session that goes on is worse than a token without one.
 */
const longestWithoutExp = 120

/**
 * Makes the function that verifies the logout tokens of an OP. No network is used for a token whose header already rules
 * it out.
 *
 * The function throws a `Refusal`: 400 `invalid_request` or 503.
 *
 * @see OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6, §4.1
 */
export function createLogoutTokenVerifier(
  expected: LogoutTokenExpectation & { readonly findKey: CompactVerifyGetKey },
): VerifyLogoutToken {
  return async (token, now) => {
    try {
      const wrongType = typeProblem(decodeProtectedHeader(token))
      if (wrongType !== null) throw invalidLogout(wrongType)
      const claims = await verifySignature(token, expected.findKey)
      const wrong = claimsProblem(claims, expected) ?? ageProblem(claims, expected, now)
      if (wrong !== null) throw invalidLogout(wrong)
      const genuine = claims as LogoutClaims
      return { claims: genuine, until: endOf(genuine, expected) }
    } catch (error) {
      throw isUnavailable(error) ? error : invalidLogout(signatureProblem(error))
    }
  }
}

/** The 400 for a logout request that does not hold. @see OpenID Connect Back-Channel Logout 1.0 §2.8 */
export function invalidLogout(problem: Problem): Refusal<'invalid_request'> {
  return failed('invalid_request', { problem })
}

/** Older OPs type it as an ID Token, or not at all: the specification only recommends `logout+jwt`. */
function typeProblem({ typ }: JoseHeader): Problem | null {
  if (typ === undefined || /^(?:application\/)?(?:logout\+)?jwt$/i.test(String(typ))) return null
  return problem('typ', 'is not logout+jwt', typ)
}

/** Checks that the claims are those of a logout token, by our OP and for our client. */
function claimsProblem(claims: Claims, { issuers, clientId }: LogoutTokenExpectation): Problem | null {
  const { iss, aud, events, jti } = claims
  if (!issuers.includes(iss as string)) {
    return problem('iss', 'is not the issuer that the options issuer and provider have', iss)
  }
  // Other audiences do no harm: a logout token is no right to anything.
  if (![aud].flat().includes(clientId)) return problem('aud', 'does not name the option clientId', aud)
  if (!isRecord(events) || !isRecord(events[logoutEvent])) {
    return problem('events', 'does not say that it is a logout token')
  }
  if ('nonce' in claims) return problem('nonce', 'must not be in a logout token')
  if (!isText(jti)) return missing('jti')
  return personProblem(claims)
}

function personProblem({ sub, sid }: Claims): Problem | null {
  if (sub === undefined && sid === undefined) return missing('sub', ', and so is sid')
  if (sub !== undefined && !isText(sub)) return problem('sub', 'is no text')
  if (sid !== undefined && !isText(sid)) return problem('sid', 'is no text')
  return null
}

function ageProblem(claims: Claims, expected: LogoutTokenExpectation, now: number): Problem | null {
  if (claims.iat === undefined) return missing('iat')
  const wrong = timesProblem(claims, expected, now)
  if (wrong !== null) return wrong
  // Only what `timesProblem` has found to be times.
  const { iat, exp } = claims as { readonly iat: number; readonly exp?: number }
  if (now < endOf({ iat, exp }, expected) + expected.clockSkew) return null
  return problem('iat', 'is too long ago', iat)
}

/** Until when a token is accepted, by the OP's clock, in epoch seconds. */
function endOf(
  { iat, exp }: { readonly iat: number; readonly exp?: unknown },
  { iatLag }: LogoutTokenExpectation,
): number {
  const issuedAt = iat + iatLag
  return typeof exp === 'number' ? Math.min(exp, issuedAt + longest) : issuedAt + longestWithoutExp
}
