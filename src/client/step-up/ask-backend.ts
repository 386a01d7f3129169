import {
  AuthError,
  ConfigurationError,
  InteractionCancelledError,
  NetworkError,
  StepUpDeniedError,
} from '../../core/errors.ts'
import { readAnswer } from '../../core/read-freshness-answer.ts'
import type { AskRequest, ChallengedAnswer, GrantedAnswer, ProveRequest } from '../../core/wire.ts'
import type { OpenIdProvider } from '../../op/openid-provider.ts'
import { withTimeLimit } from '../../op/time-limit.ts'

/** Refusals that are no word about the person: what to set up. */
const setUpFaults: Readonly<Record<string, string>> = {
  origin_not_allowed:
    'it does not take requests from this page’s origin: put that into the guard’s `origins`',
  cross_site:
    'it is on another site than this page, so its cookie cannot come back: serve both from one site, or set `dpop` here and in the guard',
}

/**
 * One exchange with the backend's freshness endpoint. What the body says counts, and never the HTTP status alone: a
 * 403 may be a proxy's.
 *
 * @throws {StepUpDeniedError} when the backend refuses, {ConfigurationError} when it can never take this request,
 * {NetworkError} when it cannot answer now, or what answers is no freshness endpoint
 */
export async function askBackend(
  op: OpenIdProvider,
  endpoint: string,
  body: AskRequest | ProveRequest,
  limit: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<GrantedAnswer | ChallengedAnswer> {
  const { status, json } = await withTimeLimit(
    limit.seconds,
    'The backend',
    send(op, endpoint, body, limit.signal),
  )
  const answer = readAnswer(json)
  if (status === 200 && answer?.status === 'granted') return answer
  if (status === 401 && answer?.status === 'challenged') return answer
  const error = answer && 'error' in answer ? answer.error : `HTTP ${status}`
  if (Object.hasOwn(setUpFaults, error))
    throw new ConfigurationError(`The freshness endpoint refused the request: ${setUpFaults[error]}`)
  if (answer?.status === 'denied') throw new StepUpDeniedError(error)
  // Too slow (408) and too often (429) are of now.
  if (status >= 400 && status < 500 && status !== 408 && status !== 429)
    throw new ConfigurationError(`The freshness endpoint refused the request: ${error}`)
  throw new NetworkError(`The freshness endpoint cannot answer now: ${error}`)
}

async function send(
  op: OpenIdProvider,
  endpoint: string,
  body: AskRequest | ProveRequest,
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
    return { status: response.status, json: await response.json() }
  } catch (cause) {
    if (signal.reason instanceof AuthError) throw signal.reason
    if (signal.aborted) throw new InteractionCancelledError('aborted')
    if (cause instanceof AuthError) throw cause
    throw new NetworkError('The freshness endpoint could not be reached, or did not answer in JSON')
  }
}
