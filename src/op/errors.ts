import {
  type AnyAuthError,
  AuthorizationResponseError,
  AuthTimeoutError,
  ConfigurationError,
  InteractionCancelledError,
  InteractionRequiredError,
  isAuthError,
  NetworkError,
  StepUpUnmetError,
} from '../core/errors.ts'
import { readableText } from '../core/readable-text.ts'

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

/** What a request to the network, or reading its answer, has thrown. */
const networkFaults = new WeakSet<object>()

/** Throws what the work throws, which `asAuthError` then knows for a fault of the network or of what answered. */
export async function overNetwork<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (Object(error) === error) networkFaults.add(error as object)
    throw error
  }
}

/** The OP did not answer in time. */
export function outOfTime(): AuthTimeoutError {
  return new AuthTimeoutError('The OpenID Provider did not answer in time')
}

/** The OP answered with something that is not its protocol. */
export function outOfProtocol(): NetworkError {
  return new NetworkError('The OpenID Provider could not be reached, or did not answer in its protocol')
}

/** There is no discovery document to be read. */
export function undiscovered(url: string): NetworkError {
  return new NetworkError(
    `The OpenID Provider's discovery document cannot be read: ${url}. Open it in a tab. If it is not there, correct \`issuer\`. If it is, allow the origin of this page at the OpenID Provider (CORS). If nothing answers, the OpenID Provider is down, or this device is offline`,
  )
}

/**
 * What went wrong on the way to the OP, as one of ours. Only what `overNetwork` has seen is a `NetworkError`. Anything
 * else is no fault of the network, such as a part of the platform that this browser lacks, a function among the options
 * that throws, or a mistake of this package.
 *
 * A `NetworkError` has no `cause`: an error of a library may quote secrets.
 */
export function asAuthError(cause: unknown): AnyAuthError {
  if (isAuthError(cause)) return cause
  const { name } = Object(cause) as { name?: unknown }
  // The platform's TimeoutError, or oidc-client-ts's ErrorTimeout.
  if (/Timeout/.test(String(name))) return outOfTime()
  if (networkFaults.has(Object(cause))) return outOfProtocol()
  if (name === 'AbortError') return new InteractionCancelledError('aborted')
  const failed = 'Something failed in this page, and not in the network'
  return new ConfigurationError(`${failed}: ${readableText(String(cause))}`, { cause })
}
