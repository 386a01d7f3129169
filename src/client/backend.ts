import { isRecord } from '../core/claims.ts'
import { AuthError, ConfigurationError, NetworkError, StepUpDeniedError } from '../core/errors.ts'
import type { AskRequest, ChallengedAnswer, GrantedAnswer, ProveRequest } from '../core/wire.ts'
import type { OpenIdProvider } from '../op/openid-provider.ts'
import { withTimeLimit } from '../op/time-limit.ts'

/**
 * One exchange with the backend's freshness endpoint.
 *
 * @throws {StepUpDeniedError} when the backend refuses, {ConfigurationError} when it does not know the request,
 * {NetworkError} when it cannot answer now
 */
export async function askBackend(
  op: OpenIdProvider,
  endpoint: string,
  body: AskRequest | ProveRequest,
  limit: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<GrantedAnswer | ChallengedAnswer> {
  const { status, answer } = await withTimeLimit(
    limit.seconds,
    'The backend',
    send(op, endpoint, body, limit.signal),
  )
  if (status === 200 && answer.status === 'granted' && typeof answer.grant === 'string')
    return answer as never
  if (status === 401 && answer.status === 'challenged' && typeof answer.nonce === 'string')
    return answer as never
  const error = typeof answer.error === 'string' ? answer.error : `HTTP ${status}`
  if (status === 403) throw new StepUpDeniedError(error)
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
): Promise<{ status: number; answer: Record<string, unknown> }> {
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
    const answer: unknown = await response.json()
    return { status: response.status, answer: isRecord(answer) ? answer : {} }
  } catch (cause) {
    if (signal.reason instanceof AuthError) throw signal.reason
    if (cause instanceof AuthError) throw cause
    throw new NetworkError('The freshness endpoint could not be reached, or did not answer in JSON')
  }
}
