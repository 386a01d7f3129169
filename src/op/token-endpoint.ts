import { isRecord } from '../core/claims.ts'
import { isAuthError } from '../core/errors.ts'
import type { Browser } from './browser.ts'
import { asAuthError, outOfProtocol, outOfTime, overNetwork, responseError } from './errors.ts'
import { abortAfter } from './time-limit.ts'

const secretFields = ['code', 'code_verifier', 'refresh_token', 'token']

/**
 * One request to the token or revocation endpoint: the exchange of a code, a refresh, a revocation.
 *
 * It is ours and not `oidc-client-ts`'s (3.5.0), because that one follows redirects, so that the code and its verifier,
 * or the refresh token, reach an address that the discovery document does not name. It also keeps only three fields of
 * an error, turns an HTTP 400 without an error and every fault of an ID Token into an untyped one, and takes any
 * refusal with a `DPoP-Nonce` for a demand for one.
 *
 * @param seconds that the request and the whole of its answer may take
 * @param send sends the request, `overNetwork`. Default: the browser's `fetch`
 * @throws {AuthorizationResponseError} the endpoint's own error, whole (RFC 6749 §5.2); `invalid_request` for a 400
 *   that names none
 * @throws {AuthTimeoutError} {NetworkError}
 */
export function postForm(
  { clock, fetch }: Pick<Browser, 'clock' | 'fetch'>,
  url: string,
  form: Readonly<Record<string, string>>,
  seconds: number,
  send: (request: Request) => Promise<Response> = request => overNetwork(fetch(request)),
): Promise<Record<string, unknown>> {
  return abortAfter(clock, seconds * 1000, signal => postWithin(signal, url, form, send))
}

async function postWithin(
  signal: AbortSignal,
  url: string,
  form: Readonly<Record<string, string>>,
  send: (request: Request) => Promise<Response>,
): Promise<Record<string, unknown>> {
  try {
    const request = new Request(url, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams(form),
      redirect: 'error',
      signal,
    })
    const response = await send(request)
    const answer = await overNetwork(readJson(response))
    if (response.ok && isRecord(answer)) return answer
    if (!isRecord(answer)) throw outOfProtocol()
    // The status that a refusal has (§5.2), which some OPs leave at that: asking again would not help.
    const { error = response.status === 400 ? 'invalid_request' : undefined } = answer
    if (typeof error !== 'string') throw outOfProtocol()
    throw responseError(error, textsOf(answer, form))
  } catch (cause) {
    // Chrome before 124 calls it an AbortError.
    if (signal.aborted && !isAuthError(cause)) throw outOfTime()
    throw asAuthError(cause)
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  return text === '' ? {} : JSON.parse(text)
}

/** The endpoint's texts. Some OPs quote the code or the token that they refuse: that is taken out. */
function textsOf(
  answer: Readonly<Record<string, unknown>>,
  form: Readonly<Record<string, string>>,
): Record<string, string> {
  const secrets = secretFields.flatMap(name => form[name] || [])
  const texts = Object.entries(answer).flatMap(([name, value]) =>
    typeof value === 'string'
      ? [[name, secrets.reduce((text, one) => text.replaceAll(one, '…'), value)]]
      : [],
  )
  return Object.fromEntries(texts)
}
