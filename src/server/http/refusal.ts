import type { RefusalCode } from '../../core/errors.ts'
import type { DeniedAnswer, FailedAnswer } from '../../core/wire.ts'
import type { Answer } from './answer.ts'
import type { Problem } from './problem.ts'

/** The faults that can stop a sensitive call as well as a request to the endpoint, with their statuses. */
const callStatuses = {
  invalid_request: 400,
  cross_site: 400,
  invalid_dpop_proof: 401,
  invalid_token: 401,
  temporarily_unavailable: 503,
} as const

const endpointStatuses = {
  unknown_action: 400,
  origin_not_allowed: 403,
  method_not_allowed: 405,
  request_timeout: 408,
  payload_too_large: 413,
  unsupported_media_type: 415,
} as const

/** Why a sensitive call was stopped before its grant was judged. */
export type CallFault = keyof typeof callStatuses

/** Why a request to the endpoint was not judged at all. */
export type RequestFault = keyof typeof endpointStatuses | Exclude<CallFault, 'invalid_token'>

/** Why an access token was not accepted. `invalid_request` and `temporarily_unavailable` are further reasons. */
export type AccessTokenFault =
  | 'access_token_required'
  | 'invalid_token'
  | 'insufficient_user_authentication'
  | 'insufficient_scope'

/** Why a call was stopped, where another login would not help. */
export type FinalFault = CallFault | Exclude<AccessTokenFault, 'insufficient_user_authentication'>

/** Ends a request with an answer. It is internal: the handler and the guards turn it into what callers see. */
export class Refusal<Code extends string = string> extends Error {
  readonly code: Code
  readonly answer: Answer
  /** What is wrong with a token or a request. */
  readonly problem: Problem | undefined

  constructor(code: Code, answer: Answer, options: RefusalOptions = {}) {
    super(code, options)
    this.code = code
    this.answer = answer
    this.problem = options.problem
  }
}

/** Ends a request that was judged: an ID Token, or the person who asks, is refused. */
export class Denial extends Refusal<RefusalCode> {}

interface RefusalOptions extends ErrorOptions {
  readonly problem?: Problem | undefined
}

interface FaultOptions extends RefusalOptions {
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * The 403 for a proof, or a person who asks, that was judged and refused. The answer says what is wrong with the token.
 * Its sender has the token and can read its claims, so he learns no more than which rule of a public specification they
 * break.
 */
export function denied(code: RefusalCode, problem?: Problem): Denial {
  const body: DeniedAnswer = { status: 'denied', error: code, error_description: problem?.rule }
  return new Denial(code, { status: 403, body, headers: {} }, { problem })
}

/** The answer to a request that was not judged. */
export function failed<Code extends RequestFault | CallFault>(
  code: Code,
  { headers = {}, ...options }: FaultOptions = {},
): Refusal<Code> {
  const { [code as RequestFault]: status } = { ...callStatuses, ...endpointStatuses }
  const body: FailedAnswer = { status: 'failed', error: code, error_description: options.problem?.rule }
  return new Refusal(code, { status, body, headers }, options)
}

/** The 503. @param retryAfter seconds until it may be worth asking again */
export function unavailable(cause: unknown, retryAfter = 5): Refusal<'temporarily_unavailable'> {
  return failed('temporarily_unavailable', { cause, headers: { 'Retry-After': String(retryAfter) } })
}

/** The error itself if it is a refusal, or else a 503: whatever went wrong, nothing was decided. */
export function asRefusal(error: unknown): Denial | Refusal<RequestFault | CallFault> {
  return error instanceof Refusal ? error : unavailable(reasonOf(error, 'A function among the options'))
}

/** The error that a function rejected with, or, where it gave none, an error that names the function for the log. */
export function reasonOf(error: unknown, name: string): unknown {
  return error ?? new Error(`${name} rejected without a reason`)
}

/** Whether an error is the 503 of `unavailable`. */
export function isUnavailable(error: unknown): error is Refusal<'temporarily_unavailable'> {
  return error instanceof Refusal && error.code === 'temporarily_unavailable'
}

/** Whether a refusal can be the end of a call. A `Denial` is for the endpoint only. */
export function endsCall(refusal: Refusal): refusal is Refusal<FinalFault> {
  const { code } = refusal
  if (refusal instanceof Denial) return false
  return (
    Object.hasOwn(callStatuses, code) || code === 'access_token_required' || code === 'insufficient_scope'
  )
}
