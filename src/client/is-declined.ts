import { AuthorizationResponseError, InteractionCancelledError } from '../core/errors.ts'

/** Whether the person was asked and would not: to sign in again, or to consent. */
export function isDeclined(error: unknown): boolean {
  if (error instanceof InteractionCancelledError) return ['dismissed', 'window_closed'].includes(error.reason)
  return error instanceof AuthorizationResponseError && error.error === 'access_denied'
}
