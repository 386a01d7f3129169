import { readableText } from './readable-text.ts'

/** Why the freshness guard refused a proof or a grant. The refusal is final: the same proof is always refused. */
export type RefusalCode =
  | 'stale'
  | 'subject_mismatch'
  | 'acr_unmet'
  | 'amr_unmet'
  | 'federated'
  | 'nonce_mismatch'
  | 'binding_mismatch'
  | 'auth_time_missing'
  | 'auth_time_in_future'
  | 'clock_skew'
  | 'challenge_expired'
  | 'already_used'
  | 'invalid_token'
  | 'not_pushed'
  | 'authorization_details_mismatch'

/** Marks the errors of every copy of this package. */
const mark = Symbol.for('afresh.AuthError')

/**
 * The base of every error that this package throws. Switch on `code`, which is a literal. `instanceof` works while one
 * copy of the package is installed; `isAuthError` always works. No message ever contains a token, a code or a verifier.
 */
export abstract class AuthError extends Error {
  /** Which error it is: a literal in each subclass, so that a `switch` on it narrows the type. */
  abstract readonly code: string
  /** The class's name, for logs. It stays the same in minified code. */
  override readonly name: string = 'AuthError'

  static {
    // On the prototype, so that the types of two copies stay the same.
    Object.defineProperty(AuthError.prototype, mark, { value: true })
  }
}

/**
 * The app or the provider is set up wrongly, or this page or browser lacks what is needed. If that can be known in
 * advance, nothing has left the page.
 */
export class ConfigurationError extends AuthError {
  override readonly name = 'ConfigurationError'
  readonly code = 'configuration_invalid'
}

/**
 * What the code of an answer means to whoever sets this up, and what can be done. The first are the OP's own, the others
 * say why this package refused the answer.
 */
const advice: Readonly<Record<string, string>> = {
  access_denied: 'the person said no there, or a rule of the provider did',
  account_selection_required: 'the person has to choose an account',
  consent_required: 'the person has to allow it',
  interaction_required: 'the person has to do something there',
  login_required: 'the person has to sign in',
  invalid_client:
    'it knows no client with this `clientId` that needs no secret. Correct `clientId`, or make the client a public one there (a single-page app)',
  invalid_grant: 'the code or the refresh token is over, was used before, or belongs to another client',
  invalid_scope:
    'it does not know one of the scopes, or does not allow it to this client. Correct `scope`, or allow it there',
  invalid_target:
    'it does not know the API that `resource` or `api` names, or does not allow it to this client',
  server_error: 'something failed there, and its own log says what',
  temporarily_unavailable: 'it is busy or down, and may answer later',
  unauthorized_client:
    'it does not allow this client to sign people in with a code. Allow it the authorization code grant there, as a public client (a single-page app)',
  unsupported_response_type: 'it does not allow this client the authorization code grant',

  acr_unmet: 'the login is not as strong as was asked for',
  access_token_missing: 'its token endpoint must give an `access_token` (RFC 6749 §5.1)',
  callback_mismatch:
    'it came back to the callback page of another client, and does not say which provider it is from',
  code_missing: 'it has neither a `code` nor an `error`',
  duplicate_parameter: 'it says something twice',
  iss_mismatch: 'it is from another issuer than `issuer`, or does not say from which one (RFC 9207 §2.4)',
  response_not_kept: 'the sessionStorage of this tab had no room for it',
  state_mismatch: 'it answers no request of this page',
  token_type_mismatch: 'its tokens are not of the kind that was asked for (`dpop`)',
  token_type_missing:
    'its token endpoint must give a `token_type`, "Bearer" or "DPoP" (RFC 6749 §5.1), or its tokens cannot be used (§7.1)',
}

/**
 * The OP answered with an error (OpenID Connect Core §3.1.2.6, RFC 6749 §4.1.2.1 and §5.2), or with a response that
 * does not belong to the request. `parameters` holds every field that the OP sent, also a vendor's own. These are texts
 * from outside: show them as text, never as HTML.
 */
export class AuthorizationResponseError extends AuthError {
  override readonly name: string = 'AuthorizationResponseError'
  readonly code: 'authorization_failed' | 'interaction_required' | 'step_up_unmet' = 'authorization_failed'
  /**
   * The OAuth error code, such as `access_denied`; or why this package refused the response, such as `iss_mismatch`.
   */
  readonly error: string
  /**
   * Every field that the OP sent, by its name on the wire, such as `error_description`. These are texts from outside.
   */
  readonly parameters: Readonly<Record<string, string>>

  /**
   * @param error the OAuth error code, or why the response was refused
   * @param parameters every field that the OP sent. Default: none
   * @param options the `cause`
   */
  constructor(error: string, parameters: Readonly<Record<string, string>> = {}, options?: ErrorOptions) {
    const isOwn = Object.hasOwn(parameters, 'error')
    const code = readableText(error)
    const what = isOwn
      ? `The OpenID Provider answered with the error ${code}`
      : `The OpenID Provider's answer was refused (${code})`
    super(Object.hasOwn(advice, error) ? `${what}: ${advice[error]}` : what, options)
    this.error = error
    this.parameters = parameters
  }
}

/** The OP cannot answer without showing something to the person (OpenID Connect Core §3.1.2.6). */
export class InteractionRequiredError extends AuthorizationResponseError {
  override readonly name = 'InteractionRequiredError'
  override readonly code = 'interaction_required'
}

/**
 * The OP cannot authenticate this person as strongly as the backend asks. To ask again would not help.
 *
 * @see OpenID Connect Core Error Code unmet_authentication_requirements 1.0 §2
 */
export class StepUpUnmetError extends AuthorizationResponseError {
  override readonly name = 'StepUpUnmetError'
  override readonly code = 'step_up_unmet'
}

/** An ID Token broke a rule of OpenID Connect Core §3.1.3.7. `claim` says which claim, and `reason` says how. */
export class IdTokenError extends AuthError {
  override readonly name = 'IdTokenError'
  readonly code = 'id_token_invalid'
  /**
   * The claim that broke the rule, or a part of the token: `id_token`, `header`, `payload`, `alg`, `typ` or
   * `signature`.
   */
  readonly claim: string
  /**
   * How the claim broke the rule. `mismatch`: it has another value than the expected one. `untrusted`: an audience, an
   * algorithm or a key is not accepted. `too_old`: the login is older than the request allows.
   */
  readonly reason: 'missing' | 'malformed' | 'mismatch' | 'expired' | 'future' | 'untrusted' | 'too_old'

  /**
   * Seconds by which this device's clock seems to be ahead; a negative number if it is behind. In the browser only, for
   * a token that is refused for its times. It is measured if a server tells the time, else guessed from the token. Null
   * if no rule about time was broken.
   */
  readonly clockAhead: number | null
  /**
   * The audience that `trustedAudiences` does not trust, as the token has it. It is there only if `claim` is `aud` and
   * `reason` is `untrusted`. It is text from outside: show it as text, never as HTML.
   */
  declare readonly audience?: string

  /**
   * @param claim the claim that broke the rule, or a part of the token
   * @param reason how it broke the rule
   * @param clockAhead seconds by which this device's clock seems to be ahead. Default: null
   * @param audience the audience that is not trusted. Default: none
   */
  constructor(
    claim: string,
    reason: IdTokenError['reason'],
    clockAhead: number | null = null,
    audience?: string,
  ) {
    const clock = clockAhead === null ? '' : aboutClock(clockAhead)
    super(
      `ID Token refused: \`${claim}\` ${faults[reason]}${clock}${audience === undefined ? '' : aboutAudience(audience)}`,
    )
    this.claim = claim
    this.reason = reason
    this.clockAhead = clockAhead
    if (audience !== undefined) this.audience = audience
  }
}

const faults: Readonly<Record<IdTokenError['reason'], string>> = {
  missing: 'is missing',
  malformed: 'is malformed',
  mismatch: 'is not the one that was expected',
  expired: 'is in the past',
  future: 'is in the future',
  untrusted: 'is not trusted',
  too_old: 'is too long ago',
}

/** Long identifiers are masked here, as tokens would be. */
function aboutAudience(audience: string): string {
  return `: "${readableText(audience)}" (the error's \`audience\`) is not the client. If such tokens are for this client too, name it in \`trustedAudiences\``
}

function aboutClock(ahead: number): string {
  if (Math.abs(ahead) < 3)
    return ". This device's clock agrees with a server's, so the OpenID Provider's clock seems to be wrong: set that one"
  return `. This device's clock seems to be ${Math.abs(ahead)} s ${ahead > 0 ? 'fast' : 'slow'}: set it`
}

/** The answer to a call that was refused: the part of a `Response` that can be read. */
export interface RefusedAnswer {
  /** The HTTP status: 401 or 403. */
  readonly status: number
  /** The headers of the response that this page may read (CORS). */
  readonly headers: {
    /**
     * Reads a header, as `Headers.get` does.
     *
     * @param name the name of the header, in any case
     * @returns its value; null if it is not there
     */
    get(name: string): string | null
  }
  /** Reads the body as JSON, as `Response.json` does. A body can be read once. */
  json(): Promise<unknown>
  /** Reads the body as text, as `Response.text` does. A body can be read once. */
  text(): Promise<string>
}

/** The backend refused the proof, or the call that carried the grant. The session is as it was. */
export class StepUpDeniedError extends AuthError {
  override readonly name = 'StepUpDeniedError'
  readonly code = 'step_up_denied'
  /** Why the backend refused. `grant_refused`: the answer to a call with a grant names no code. */
  readonly reason: RefusalCode | 'grant_refused' | (string & {})
  /** The answer to the call that carried the grant. Its body has not been read. Absent for a refused proof. */
  declare readonly response?: RefusedAnswer

  /**
   * @param reason why the backend refused
   * @param detail what else the message says, for the developer. Default: nothing
   * @param response the answer to the call that carried the grant. Default: none
   */
  constructor(reason: StepUpDeniedError['reason'], detail?: string, response?: RefusedAnswer) {
    super(`The backend refused this step-up: ${detail === undefined ? reason : `${reason}: ${detail}`}`)
    this.reason = reason
    if (response) this.response = response
  }
}

/** Another person signed in where only the person of this session could confirm. The session is as it was. */
export class AccountMismatchError extends AuthError {
  override readonly name = 'AccountMismatchError'
  readonly code = 'account_mismatch'
}

/** The person, the app or another request ended the interaction. The session is as it was. */
export class InteractionCancelledError extends AuthError {
  override readonly name = 'InteractionCancelledError'
  readonly code = 'interaction_cancelled'
  /**
   * What ended it. `dismissed`: the person cancelled the prompt. `window_closed`: the person closed the popup.
   * `superseded`: another interaction took its place. `aborted`: the app gave it up. `signed_out`: the session ended
   * meanwhile. `navigated`: the page left for the OP, and goes on when it is back.
   */
  readonly reason: 'dismissed' | 'window_closed' | 'superseded' | 'aborted' | 'signed_out' | 'navigated'

  /** @param reason what ended the interaction */
  constructor(reason: InteractionCancelledError['reason']) {
    super(`The interaction ended: ${reason}`)
    this.reason = reason
  }
}

/** The browser refused to open a popup, and `interaction` allows no redirect. */
export class PopupBlockedError extends AuthError {
  override readonly name = 'PopupBlockedError'
  readonly code = 'popup_blocked'
}

/** The OP or the backend did not answer in time. */
export class AuthTimeoutError extends AuthError {
  override readonly name = 'AuthTimeoutError'
  readonly code = 'timeout'
}

/** The OP or the backend could not be reached, or its answer does not follow the protocol. */
export class NetworkError extends AuthError {
  override readonly name = 'NetworkError'
  readonly code = 'network'
}

/** Every error of this package. `code` tells which one it is. */
export type AnyAuthError =
  | ConfigurationError
  | AuthorizationResponseError
  | InteractionRequiredError
  | IdTokenError
  | StepUpDeniedError
  | StepUpUnmetError
  | AccountMismatchError
  | InteractionCancelledError
  | PopupBlockedError
  | AuthTimeoutError
  | NetworkError

const codes: Readonly<Record<AnyAuthError['code'], true>> = {
  configuration_invalid: true,
  authorization_failed: true,
  interaction_required: true,
  step_up_unmet: true,
  id_token_invalid: true,
  step_up_denied: true,
  account_mismatch: true,
  interaction_cancelled: true,
  popup_blocked: true,
  timeout: true,
  network: true,
}

/**
 * Whether this is an error of this package's client. A `switch` on its `code` can then be exhaustive. Errors of another
 * copy of the package count too, which `instanceof` does not see. A `GuardError` of the server does not count.
 *
 * @param error anything that was thrown
 */
export function isAuthError(error: unknown): error is AnyAuthError {
  return (
    error instanceof Error && mark in error && 'code' in error && Object.hasOwn(codes, String(error.code))
  )
}
