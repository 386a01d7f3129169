import { evaluateFreshness, metAcr } from '../../core/freshness.ts'
import type { Trail } from '../audit/trail.ts'
import type { Answer } from '../http/answer.ts'
import { authTimeProblem } from '../http/auth-time-problem.ts'
import { type DpopProof, matchConfirmation } from '../http/dpop.ts'
import { exposedHeaders } from '../http/origin.ts'
import { guardCall } from '../setup/guard-call.ts'
import { isText } from '../setup/need.ts'
import { loginRefusal, readCredentials, type Scheme, tokenRefusal } from './bearer.ts'
import { type AccessTokenGuardOptions, type AccessTokenSetup, setUpAccessTokenGuard } from './options.ts'
import { type AccessTokenRequirement, checkRequirement } from './requirement.ts'
import { scopesOf } from './scopes.ts'

export type { AccessTokenGuardOptions } from './options.ts'
export type { AccessTokenRequirement } from './requirement.ts'

/** In every answer, because the page may be let in by CORS headers of the app's own, which do not name these. */
const exposed: Answer['headers'] = { 'Access-Control-Expose-Headers': exposedHeaders }

/** What a verified access token says. */
export interface AccessTokenRecord {
  /** The person, by the name that the guard's `subjectOf` gives, else `sub`. */
  readonly subject: string
  /** The scopes of the token, from `scope` or `scp`. Empty if the token has neither. */
  readonly scope: readonly string[]
  /**
   * When the person authenticated, in epoch seconds. Undefined if the token does not say. Such a token meets no
   * `maxAge`.
   */
  readonly authTime: number | undefined
  /**
   * The authentication context class of the login. If the token reports several (`acrs`), it is the one that the call
   * asked for, else the first. Undefined if the token does not say.
   */
  readonly acr: string | undefined
  /** All claims, as the OP wrote them. */
  readonly claims: Readonly<Record<string, unknown>>
}

/** Checks access tokens for a resource server. It asks for a fresher or stronger login as RFC 9470 says. */
export interface AccessTokenGuard {
  /**
   * Verifies the request's access token, and the DPoP proof of a token that is bound to a key. It checks that the login
   * behind the token is as fresh and as strong as the call needs. It does *not* decide whether the person may do this.
   * The same token passes any number of times. If one login must allow one thing only, use `createFreshnessGuard`.
   * `audit` is told each request that is stopped. It is not told a request that passes: write that to your own log.
   *
   * @param request the call, with its token in the header `Authorization`
   * @param requirement how fresh and how strong the login must be, and which scopes the token must have. Default: any
   * good token passes
   * @returns what the verified token says
   * @throws {GuardError} a `GuardError`, if the call must not go on: answer with its `toResponse()`
   * @throws {ConfigurationError} a `ConfigurationError`, for a requirement that cannot be met or is misspelt, and for a
   * DPoP proof if the guard does not know its own URL (`publicUrl`)
   * @see RFC 9470 §3, §6; RFC 6750 §3; RFC 9449 §7
   */
  readonly requireAccessToken: (
    request: Request,
    requirement?: AccessTokenRequirement,
  ) => Promise<AccessTokenRecord>
}

/**
 * Makes the guard of a resource server: an API that knows people by access tokens, and is not the app's own backend. It
 * verifies JWT access tokens itself (RFC 9068), and asks the OP about opaque ones (RFC 7662) if you configure
 * `introspection`.
 *
 * @param options how the guard is set up
 * @throws {ConfigurationError} a `ConfigurationError`, at once, for options that cannot work or would protect less than
 * they seem to
 * @example
 * const guard = createAccessTokenGuard({
 *   issuer: 'https://login.example.com', audience: 'https://api.example.com', store: 'memory',
 * })
 * const { subject } = await guard.requireAccessToken(request, { maxAge: 300, acrValues: ['urn:mfa'], scope: 'pay' })
 */
export function createAccessTokenGuard(options: AccessTokenGuardOptions): AccessTokenGuard {
  const guard = setUpAccessTokenGuard(options)
  return {
    async requireAccessToken(request, requirement = {}) {
      checkRequirement(requirement, guard.profile)
      const trail = guard.openTrail({ step: 'access_token' })
      return guardCall(guard, request, trail, () => admit(guard, request, requirement, trail), exposed)
    },
  }
}

async function admit(
  guard: AccessTokenSetup,
  request: Request,
  { maxAge, acrValues, scope }: AccessTokenRequirement,
  trail: Trail,
): Promise<AccessTokenRecord> {
  const { scheme, token } = readCredentials(request, guard.requireDpop ? 'DPoP' : 'Bearer')
  const reading = await guard.read(token)
  // Read only now, because the OP may have been slow.
  const now = guard.now()
  if ('problem' in reading) throw tokenRefusal(scheme, 'invalid_token', reading)
  const { claims } = reading
  const { auth_time: authTime } = claims
  trail.note({ client: clientOf(claims) })
  const { subjects, acrClaim, clockSkew } = guard
  const subject = subjects.of(claims, 'access_token')
  if (subject === null) throw tokenRefusal(scheme, 'invalid_token', subjects)
  trail.note({ sub: subject })
  const proof = await readBinding(guard, request, scheme, claims.cnf, now)

  const scopes = scopesOf(claims)
  // First, because no login would help.
  if (scope?.split(' ').some(name => !scopes.includes(name))) {
    throw tokenRefusal(scheme, 'insufficient_scope', { scope })
  }
  // Without a maxAge it does not matter when the login was, so the token need not say.
  const login = maxAge === undefined ? { ...claims, auth_time: now } : claims
  const failure = evaluateFreshness(login, { maxAge, acrValues, acrClaim }, now, clockSkew)
  // No OP reports such a time of an honest login, so another login would not help.
  if (failure === 'invalid_token' || failure === 'auth_time_in_future') {
    throw tokenRefusal(scheme, 'invalid_token', { problem: authTimeProblem(failure, authTime) })
  }
  if (failure !== null) throw loginRefusal({ scheme, maxAge, acrValues }, failure, acrClaim)
  // Last, so that a refused call writes nothing to the store.
  await proof?.spend()
  return {
    subject,
    scope: scopes,
    authTime: Number.isSafeInteger(authTime) ? (authTime as number) : undefined,
    acr: metAcr(claims, acrValues, acrClaim),
    claims,
  }
}

/**
 * A token that is bound to a key needs a proof of that key. A token that is bound in a way that we cannot check, such
 * as to a certificate, is refused.
 *
 * @returns the proof, not yet used up; null for a token that needs none
 * @see RFC 9449 §7.1, §7.2; RFC 7800 §3.1
 */
async function readBinding(
  guard: AccessTokenSetup,
  request: Request,
  scheme: Scheme,
  cnf: unknown,
  now: number,
): Promise<DpopProof | null> {
  if (cnf === undefined && scheme === 'Bearer' && !guard.requireDpop) return null
  return matchConfirmation(await guard.readProof(request, now), cnf)
}

/** The app that the token was issued to. @see RFC 9068 §2.2; OpenID Connect Core §2 (`azp`) */
function clientOf({ client_id, azp }: AccessTokenRecord['claims']): string | undefined {
  return [client_id, azp].find(isText)
}
