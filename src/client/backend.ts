import { isRecord } from '../core/claims.ts'
import { AuthError, ConfigurationError, NetworkError, StepUpDeniedError } from '../core/errors.ts'
import type { AskRequest, ChallengedAnswer, GrantedAnswer, ProveRequest } from '../core/wire.ts'
import { withTimeLimit } from '../op/time-limit.ts'

/**
 * One exchange with the backend's freshness endpoint.
 *
 * @throws {StepUpDeniedError} when the backend refuses, {ConfigurationError} when it does not know the request,
 * {NetworkError} when it cannot answer now
 */
export async function askBackend(
  endpoint: string,
  body: AskRequest | ProveRequest,
  limit: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<GrantedAnswer | ChallengedAnswer> {
  const { status, answer } = await withTimeLimit(
    limit.seconds,
    'The backend',
    send(endpoint, body, limit.signal),
  )
  if (status === 200 && answer.status === 'granted' && typeof answer.grant === 'string')
    return answer as never
  if (status === 401 && answer.status === 'challenged' && typeof answer.nonce === 'string')
    return answer as never
  const error = typeof answer.error === 'string' ? answer.error : `HTTP ${status}`
  if (status === 403) throw new StepUpDeniedError(error)
  if (status >= 400 && status < 500)
    throw new ConfigurationError(`The freshness endpoint refused the request: ${error}`)
  throw new NetworkError(`The freshness endpoint cannot answer now: ${error}`)
}

async function send(
  endpoint: string,
  body: AskRequest | ProveRequest,
  signal: AbortSignal,
): Promise<{ status: number; answer: Record<string, unknown> }> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      // The backend binds a challenge to this browser by a cookie.
      credentials: 'include',
      signal,
    })
    const answer: unknown = await response.json()
    return { status: response.status, answer: isRecord(answer) ? answer : {} }
  } catch {
    if (signal.reason instanceof AuthError) throw signal.reason
    throw new NetworkError('The freshness endpoint could not be reached, or did not answer in JSON')
  }
}
