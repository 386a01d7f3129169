import {
  type AnyAuthError,
  AuthorizationResponseError,
  AuthTimeoutError,
  ConfigurationError,
  InteractionRequiredError,
  isAuthError,
  NetworkError,
  StepUpUnmetError,
} from '../core/errors.ts'

/** A window at the OP gave no answer in time, as a page does that refuses to be framed. The app sees a time-out. */
export class UnansweredError extends AuthTimeoutError {}

/** Hidden frames cannot work as the app is set up; popups and redirects can. The app sees a `ConfigurationError`. */
export class FramesBlockedError extends ConfigurationError {}

const interactionRequired = [
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]

/** An error that the OP sent, as one of ours. @see OpenID Connect Core 1.0 §3.1.2.6 */
export function responseError(
  error: string,
  parameters: Readonly<Record<string, string>>,
): AuthorizationResponseError {
  if (error === 'unmet_authentication_requirements') return new StepUpUnmetError(error, parameters)
  const Kind = interactionRequired.includes(error) ? InteractionRequiredError : AuthorizationResponseError
  return new Kind(error, parameters)
}

/** What went wrong on the way to the OP, as one of ours. It has no `cause`: an error of a library may quote secrets. */
export function asAuthError(cause: unknown): AnyAuthError {
  if (isAuthError(cause)) return cause
  // The platform's TimeoutError, or oidc-client-ts's ErrorTimeout.
  if (/Timeout/.test((cause as Error | null)?.name ?? '')) {
    return new AuthTimeoutError('The OpenID Provider did not answer in time')
  }
  return new NetworkError('The OpenID Provider could not be reached, or did not answer in its protocol')
}
