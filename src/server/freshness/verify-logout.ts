import { ConfigurationError } from '../../core/errors.ts'
import { isForm } from '../http/form-type.ts'
import type { TimeLimit } from '../http/limits.ts'
import { missing, type Problem, problem } from '../http/problem.ts'
import { readBody } from '../http/read-body.ts'
import { endsCall, Refusal } from '../http/refusal.ts'
import { invalidLogout } from './logout-token.ts'
import type { GuardSetup } from './setup.ts'
import { logoutKey } from './store-keys.ts'

/** Whose session has ended at the OP. It has `sub`, `sid` or both. */
export interface Logout {
  /** The OP at which the session has ended: the issuer of the logout token. */
  readonly iss: string
  /** The person, as the OP wrote it. Undefined if the token has `sid` alone. */
  readonly sub: string | undefined
  /** The session that has ended. Undefined if all sessions of the person have ended. */
  readonly sid: string | undefined
  /** When the OP said so, in epoch seconds. Do not end a session that began later. */
  readonly iat: number
  /**
   * The person, by the name that the guard uses everywhere else. Undefined if the token lacks the claims that
   * `subjectOf` needs, e.g. if it has `sid` alone. Use `sid` or `sub` then.
   */
  readonly subject: string | undefined
}

/**
 * Reads a back-channel logout request, and uses its token up, which comes last: a request that is refused uses nothing
 * up.
 *
 * @throws {Refusal} 400 `invalid_request`, or 503
 * @throws {ConfigurationError} for a request whose body was read before
 * @see OpenID Connect Back-Channel Logout 1.0 §2.5, §2.6
 */
export async function verifyLogout(guard: GuardSetup, request: Request): Promise<Logout> {
  const token = await readLogoutToken(request, guard.bodies)
  const { clockSkew, subjects, store } = guard
  // The clock is read only now: a body may arrive slowly, and must not be judged by an old time.
  const now = guard.now()
  return guard.gate(async () => {
    const { claims, until } = await guard.verifyLogoutToken(token, now)
    const { iss, sub, sid, iat, jti } = claims
    // It is accepted until the skew is over too, and the clocks of two processes may differ by that in either direction.
    const ttl = until - now + 3 * clockSkew
    if (!(await store.consume(await logoutKey(iss, guard.clientId, jti), ttl))) {
      throw invalidLogout(problem('jti', 'was used before', jti))
    }
    return { iss, sub, sid, iat, subject: subjects.of(claims, 'id_token') ?? undefined }
  })
}

async function readLogoutToken(request: Request, inTime: TimeLimit): Promise<string> {
  const wrong = requestProblem(request)
  if (wrong !== null) throw invalidLogout(wrong)
  // The specification has other fields ignored.
  const [token, ...more] = (await readForm(request, inTime)).getAll('logout_token')
  if (!token) throw invalidLogout(missing('logout_token'))
  if (more.length > 0) throw invalidLogout(problem('logout_token', 'is there more than once'))
  return token
}

function requestProblem({ method, headers }: Request): Problem | null {
  if (method !== 'POST') return problem('the method', 'is not POST')
  if (isForm(headers.get('Content-Type'))) return null
  return problem('Content-Type', 'is not application/x-www-form-urlencoded')
}

async function readForm(request: Request, inTime: TimeLimit): Promise<URLSearchParams> {
  const tooLarge = (): Error => invalidLogout(problem('the body', 'is too large'))
  try {
    return new URLSearchParams(await readBody(request, tooLarge, inTime))
  } catch (error) {
    const isKnown = error instanceof ConfigurationError || (error instanceof Refusal && endsCall(error))
    throw isKnown ? error : invalidLogout(problem('the body', 'cannot be read'))
  }
}
