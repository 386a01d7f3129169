import { isRecord } from '../core/claims.ts'
import { asAuthError, responseError } from './errors.ts'

/**
 * One request to the token or revocation endpoint. Ours rather than `oidc-client-ts`'s, which drops vendor fields of
 * errors, puts the verifier into them, and does not limit how long a body may take.
 *
 * @param seconds that the whole exchange may take
 * @param send how the request leaves. Default: `fetch`
 * @throws {AuthorizationResponseError} the endpoint's own error, whole (RFC 6749 §5.2); `invalid_request` for a 400
 *   that names none
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
      // Codes, verifiers and refresh tokens go to no other address.
      redirect: 'error',
      signal: AbortSignal.timeout(seconds * 1000),
    })
    const response = await send(request)
    const text = await response.text()
    const answer: unknown = text === '' ? {} : JSON.parse(text)
    if (response.ok && isRecord(answer)) return answer
    if (!isRecord(answer)) throw asAuthError(answer)
    // The status that a refusal has (§5.2), which some OPs leave at that: asking again would not help.
    const { error = response.status === 400 ? 'invalid_request' : undefined } = answer
    if (typeof error !== 'string') throw asAuthError(answer)
    const texts = Object.entries(answer).filter(([, value]) => typeof value === 'string')
    throw responseError(error, Object.fromEntries(texts) as Record<string, string>)
  } catch (cause) {
    throw asAuthError(cause)
  }
}
