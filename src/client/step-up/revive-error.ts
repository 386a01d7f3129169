import {
  AccountMismatchError,
  type AnyAuthError,
  AuthorizationResponseError,
  AuthTimeoutError,
  ConfigurationError,
  IdTokenError,
  InteractionCancelledError,
  InteractionRequiredError,
  NetworkError,
  PopupBlockedError,
  StepUpDeniedError,
  StepUpUnmetError,
} from '../../core/errors.ts'

type Code = AnyAuthError['code']

/** What `{ ...error }` gives of our errors; each has some of these. Messages are not among them. */
interface ErrorFields {
  readonly error: string
  readonly parameters: Readonly<Record<string, string>>
  readonly claim: string
  readonly reason: string
  readonly clockAhead?: number | null
  readonly audience?: string
}

// A code that is added to the errors and not here does not compile.
const revivals: Readonly<Record<Code, (fields: ErrorFields) => AnyAuthError>> = {
  configuration_invalid: () =>
    new ConfigurationError('The app, the provider or the backend is set up wrongly'),
  authorization_failed: ({ error, parameters }) => new AuthorizationResponseError(error, parameters),
  interaction_required: ({ error, parameters }) => new InteractionRequiredError(error, parameters),
  step_up_unmet: ({ error, parameters }) => new StepUpUnmetError(error, parameters),
  id_token_invalid: ({ claim, reason, clockAhead, audience }) =>
    new IdTokenError(claim, reason as IdTokenError['reason'], clockAhead, audience),
  step_up_denied: ({ reason }) => new StepUpDeniedError(reason),
  account_mismatch: () => new AccountMismatchError('Another person came back from the OpenID Provider'),
  interaction_cancelled: ({ reason }) =>
    new InteractionCancelledError(reason as InteractionCancelledError['reason']),
  popup_blocked: () => new PopupBlockedError('The browser opened no popup'),
  timeout: () => new AuthTimeoutError('The OpenID Provider did not answer in time'),
  network: () => new NetworkError('The OpenID Provider could not be reached'),
}

/**
 * An error of which JSON kept the fields, as this tab wrote them before a full-page redirect. One with a code that this
 * version does not know becomes a `NetworkError`, which is not final.
 */
export function reviveError(kept: Readonly<Record<string, unknown>>): AnyAuthError {
  return revivals[isCode(kept.code) ? kept.code : 'network'](kept as Record<string, unknown> & ErrorFields)
}

function isCode(code: unknown): code is Code {
  return typeof code === 'string' && Object.hasOwn(revivals, code)
}
