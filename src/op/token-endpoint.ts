import { isRecord } from '../core/claims.ts'
import { AuthError, AuthTimeoutError, NetworkError } from '../core/errors.ts'
import { asAuthError, responseError } from './errors.ts'

/**
 * One request to the token or revocation endpoint. Ours rather than `oidc-client-ts`'s, which drops vendor fields of
 * errors, puts the verifier into them, and does not limit how long a body may take.
 *
 * @param seconds that the whole exchange may take
 * @param send how the request leaves. Default: `fetch`
 * @throws {AuthorizationResponseError} the endpoint's own error, whole (RFC 6749 §5.2)
 * @throws {AuthTimeoutError} {NetworkError}
 */
export async function postForm(
  url: string,
  form: Readonly<Record<string, string>>,
  seconds: number,
  send: (request: Request) => Promise<Response> = fetch,
): Promise<Record<string, unknown>> {
  try {
    const request = new Request(url, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(seconds * 1000),
    })
    const response = await send(request)
    const text = await response.text()
    const answer: unknown = text === '' ? {} : JSON.parse(text)
    if (!isRecord(answer))
      throw new NetworkError(`The OpenID Provider answered ${response.status}, not in JSON`)
    if (response.ok) return answer
    const { error } = answer
    if (typeof error !== 'string') throw new NetworkError(`The OpenID Provider answered ${response.status}`)
    const texts = Object.entries(answer).filter(([, value]) => typeof value === 'string')
    throw responseError(error, Object.fromEntries(texts) as Record<string, string>)
  } catch (cause) {
    if (cause instanceof AuthError) throw cause
    if ((cause as Error).name === 'TimeoutError')
      throw new AuthTimeoutError('The OpenID Provider did not answer in time')
    throw asAuthError(cause)
  }
}
