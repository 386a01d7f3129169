import { missing, type Problem, problem } from '../http/problem.ts'
import type { Claims } from './introspection-cache.ts'
import type { IntrospectorOptions } from './introspection-options.ts'
import type { Reading } from './jwt.ts'
import { claimsProblem, namesAudience } from './token-claims.ts'

/** The OP has said whether the token is good. This checks that it is good for us, and now. @see RFC 7662 §2.2 */
export function judgeAnswer(claims: Claims | null, options: IntrospectorOptions): Reading {
  if (claims === null) return { problem: problem('the token', 'is not active, says the OP') }
  if (options.needsAudience && !namesAudience(claims, options)) {
    return { problem: missing(options.audienceClaim, ', see audience of the option introspection') }
  }
  const wrong = kindProblem(claims) ?? claimsProblem(claims, options, [], options.now())
  return wrong === null ? { claims } : { problem: wrong }
}

/** Some OPs are asked about a refresh token and say that it is active, and of which kind it is. */
function kindProblem({ token_use: use, token_type: type }: Claims): Problem | null {
  // Ory Hydra says `access_token` or `refresh_token`, and older releases said that in `token_type`.
  if (typeof use === 'string' && !/^access/i.test(use))
    return problem('token_use', 'is of no access token', use)
  if (typeof type !== 'string' || !/^(refresh|id)_?token$/i.test(type)) return null
  return problem('token_type', 'is of no access token', type)
}
