import { defined } from '../core/defined.ts'
import type { AnyAuthError } from '../core/errors.ts'
import { readableText } from '../core/readable-text.ts'
import { unreachable } from '../core/unreachable.ts'
import { asAuthError } from '../op/errors.ts'
import type { AuthLogEvent, Failure, Logger } from './log-events.ts'

/** What a log event says of an error. */
export function failureOf(error: AnyAuthError): Failure {
  const { message } = error
  switch (error.code) {
    case 'authorization_failed':
    case 'interaction_required':
    case 'step_up_unmet': {
      const { error_description: text } = error.parameters
      const description = defined({ error_description: text === undefined ? undefined : readableText(text) })
      return { code: error.code, message, error: readableText(error.error), ...description }
    }
    case 'id_token_invalid':
      return { code: error.code, message, claim: error.claim, reason: error.reason }
    case 'step_up_denied':
      return { code: error.code, message, reason: error.reason }
    case 'interaction_cancelled':
      return { code: error.code, message, reason: error.reason }
    case 'configuration_invalid':
    case 'account_mismatch':
    case 'popup_blocked':
    case 'timeout':
    case 'network':
      return { code: error.code, message }
    default:
      return unreachable(error)
  }
}

/**
 * The work's outcome. When it is a failure, the log hears of it: the app may not await the call.
 *
 * @param toEvent makes the log event
 */
export async function logFailure<T>(
  log: Logger,
  toEvent: (failure: Failure) => AuthLogEvent,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work
  } catch (cause) {
    log(toEvent(failureOf(asAuthError(cause))))
    throw cause
  }
}
