import { AuthorizationResponseError, StepUpUnmetError } from '../../core/errors.ts'

/** The error, as `StepUpUnmetError` where it says that the OP has no login as strong as was asked for. */
export function asUnmet(error: unknown, acrValues: readonly string[] | undefined): unknown {
  // Where a stronger login was asked for, this is how some OPs say that they have none.
  const refused = error instanceof AuthorizationResponseError && error.error === 'access_denied'
  return refused && acrValues ? new StepUpUnmetError(error.error, error.parameters) : error
}
