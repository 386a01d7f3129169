import type { ApiTarget } from '../../core/api-target.ts'
import { AuthorizationResponseError, ConfigurationError } from '../../core/errors.ts'
import type { ResolvedOptions } from '../resolved-options.ts'

/**
 * Where the OP refuses to give a token for an API, the error that says what to set up; null for any other error. Neither
 * asking again nor the person can mend it.
 *
 * @see RFC 8707 §2 (`invalid_target`), RFC 6749 §5.2 (`invalid_scope`)
 */
export function setUpFault(
  { profile }: Pick<ResolvedOptions, 'profile'>,
  target: ApiTarget | null,
  cause: unknown,
): ConfigurationError | null {
  if (!target || !(cause instanceof AuthorizationResponseError)) return null
  if (cause.error !== 'invalid_target' && cause.error !== 'invalid_scope') return null
  const api = target.resource === undefined ? 'the API' : `the API "${target.resource}"`
  const scope = target.scope === undefined ? '' : ` with the scope "${target.scope}"`
  const wayOut = 'set that API up at the provider and allow it for this client, or correct `api`'
  return new ConfigurationError(
    `The provider (${profile.name}) gives no access token for ${api}${scope} (${cause.error}): ${wayOut}`,
    { cause },
  )
}
