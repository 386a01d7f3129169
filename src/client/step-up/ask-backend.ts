import {
  ConfigurationError,
  InteractionCancelledError,
  isAuthError,
  NetworkError,
  StepUpDeniedError,
} from '../../core/errors.ts'
import { readAnswer } from '../../core/read-freshness-answer.ts'
import type {
  AskRequest,
  ChallengedAnswer,
  GrantedAnswer,
  ProveRequest,
  PushedAnswer,
  PushRequest,
} from '../../core/wire.ts'
import { asAuthError, overNetwork } from '../../op/errors.ts'
import type { OpenIdProvider } from '../../op/openid-provider.ts'
import type { PushedRequest } from '../../op/pushed-request.ts'
import { withTimeLimit } from '../../op/time-limit.ts'
import type { ClientContext } from '../context.ts'
import { challengeOf, type GuardChallenge } from './challenge.ts'

/** Refusals that say nothing about the person, and what to set up. */
const setUpFaults: Readonly<Record<string, string>> = {
  origin_not_allowed:
    'it does not take requests from this page’s origin: put that into the guard’s `origins`',
  cross_site:
    'it is on another site than this page, so its cookie cannot come back: serve both from one site, or set `dpop` here and in the guard',
}

/**
 * Asks whether the person of this ID Token may do the action now.
 *
 * @throws what `askBackend` throws
 */
export async function askAboutAction(
  context: ClientContext,
  question: AskRequest,
  signal: AbortSignal,
): Promise<GrantedAnswer | GuardChallenge> {
  context.log({ type: 'freshness.asked', action: question.action })
  const answer = await askBackend(context, question, signal)
  if (answer.status === 'pushed') throw cannotAnswer(answer.status)
  return answer.status === 'granted' ? answer : challengeOf(context.browser.clock, answer)
}

/**
 * Has the backend send the authorization request that answers a challenge.
 *
 * @throws what `askBackend` throws
 */
export async function pushByBackend(
  context: ClientContext,
  { challenge }: GuardChallenge,
  signal: AbortSignal,
): Promise<PushedRequest> {
  const answer = await askBackend(context, { challenge }, signal)
  if (answer.status !== 'pushed') throw cannotAnswer(answer.status)
  const { client_id: clientId, request_uri: requestUri, state } = answer
  return { clientId, requestUri, state }
}

/**
 * Proves that a challenge has been met.
 *
 * @param action for the log; null for a request outside `stepUp`
 * @throws what `askBackend` throws
 */
export async function proveToBackend(
  context: ClientContext,
  action: string | null,
  proof: ProveRequest,
  signal: AbortSignal,
): Promise<GrantedAnswer> {
  const { log } = context
  const about = action === null ? {} : { action }
  log({ type: 'proof.sent', ...about })
  try {
    const answer = await askBackend(context, proof, signal)
    // A backend that answers a proof with another challenge does not take this one any more.
    if (answer.status === 'challenged') throw new StepUpDeniedError('challenge_expired')
    if (answer.status === 'pushed') throw cannotAnswer(answer.status)
    return answer
  } catch (error) {
    if (error instanceof StepUpDeniedError) log({ type: 'proof.denied', ...about, reason: error.reason })
    throw error
  }
}

/**
 * The address of the freshness endpoint.
 *
 * @throws {ConfigurationError} when the app has set none
 */
export function endpointOf({ freshnessEndpoint }: ClientContext['options']): string {
  if (freshnessEndpoint === null)
    throw new ConfigurationError('stepUp needs `freshness.endpoint`: a backend decides freshness')
  return freshnessEndpoint
}

/**
 * One exchange with the backend's freshness endpoint. What the body says counts, and never the HTTP status alone: a
 * 403 may be a proxy's.
 *
 * @throws {StepUpDeniedError} when the backend refuses, {ConfigurationError} when it can never take this request,
 * {NetworkError} when it cannot answer now, or what answers is no freshness endpoint
 */
export async function askBackend(
  { browser, options, op }: Pick<ClientContext, 'browser' | 'options' | 'op'>,
  body: AskRequest | PushRequest | ProveRequest,
  signal: AbortSignal,
): Promise<GrantedAnswer | ChallengedAnswer | PushedAnswer> {
  const sent = send(op, endpointOf(options), body, signal)
  const { status, json } = await withTimeLimit(browser.clock, options.timeLimit, 'The backend', sent)
  const answer = readAnswer(json)
  if (status === 200 && (answer?.status === 'granted' || answer?.status === 'pushed')) return answer
  if (status === 401 && answer?.status === 'challenged') return answer
  const error = answer && 'error' in answer ? answer.error : `HTTP ${status}`
  if (Object.hasOwn(setUpFaults, error))
    throw new ConfigurationError(`The freshness endpoint refused the request: ${setUpFaults[error]}`)
  if (answer?.status === 'denied') throw new StepUpDeniedError(error, answer.error_description)
  // A request that was too slow (408) or one too many (429) may be sent again.
  if (status >= 400 && status < 500 && status !== 408 && status !== 429)
    throw new ConfigurationError(
      `The freshness endpoint refused the request: ${error}${descriptionOf(answer)}`,
    )
  throw cannotAnswer(error)
}

function cannotAnswer(why: string): NetworkError {
  return new NetworkError(`The freshness endpoint cannot answer now: ${why}`)
}

function descriptionOf(answer: ReturnType<typeof readAnswer>): string {
  const text = answer?.status === 'failed' ? answer.error_description : undefined
  return text === undefined ? '' : ` (${text})`
}

async function send(
  op: OpenIdProvider,
  endpoint: string,
  body: AskRequest | PushRequest | ProveRequest,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly json: unknown }> {
  try {
    const request = new Request(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      // The backend binds a challenge to this browser by a cookie, or by the key of the DPoP proof.
      credentials: 'include',
      // What is sent names the person, and goes to no other address.
      redirect: 'error',
      signal,
    })
    const response = await op.call(request, null)
    return { status: response.status, json: parse(await overNetwork(response.text()), endpoint, response) }
  } catch (cause) {
    if (isAuthError(signal.reason)) throw signal.reason
    if (signal.aborted) throw new InteractionCancelledError('aborted')
    const error = asAuthError(cause)
    if (error.code !== 'network' || isAuthError(cause)) throw error
    throw new NetworkError(
      `The freshness endpoint (${endpoint}) could not be reached: nothing answers, the answer is a redirect, or it does not allow the origin of this page (CORS)`,
    )
  }
}

/** @throws {NetworkError} when something else answered than a freshness endpoint */
function parse(text: string, endpoint: string, { status }: Response): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new NetworkError(
      `The freshness endpoint (${endpoint}) answered HTTP ${status}, and not in JSON: a proxy or the app’s own server answers there, and not the guard`,
    )
  }
}
