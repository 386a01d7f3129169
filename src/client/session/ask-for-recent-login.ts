import type { AuthorizationRequest } from '../../core/tokens.ts'
import type { ResolvedOptions } from '../resolved-options.ts'

/**
 * Asks the OP for a login that the absolute limit does not end at once, where the request says nothing about its age. An
 * OP that goes on with an older one signs the person in all the same.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1 (`max_age`)
 */
export function askForRecentLogin(
  request: AuthorizationRequest,
  { absolute = Infinity }: ResolvedOptions['session'],
): AuthorizationRequest {
  // Whole seconds, and never 0, which some OPs loop on.
  return absolute === Infinity ? request : { ...request, preferredMaxAge: Math.ceil(absolute) }
}
