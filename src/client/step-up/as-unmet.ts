import { AuthorizationResponseError, StepUpUnmetError } from '../../core/errors.ts'

/** The error, as `StepUpUnmetError` where it says that the OP has no login as strong as was asked for. */
export function asUnmet<T>(error: T, acrValues: readonly string[] | undefined): T | StepUpUnmetError {
  // Where a stronger login was asked for, this is how some OPs say that they have none.
  const isRefused = error instanceof AuthorizationResponseError && error.error === 'access_denied'
  return isRefused && acrValues ? new StepUpUnmetError(error.error, error.parameters) : error
}
