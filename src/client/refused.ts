import { parseAuthenticate } from '../core/www-authenticate.ts'
import type { Send, UnlessAborted } from './fetch.ts'
import type { Renewal } from './session/renewal.ts'

/**
 * What to do about a 401. A token that is no longer good (RFC 6750 §3.1 `invalid_token`) is renewed, once; a login that
 * is not fresh or strong enough (RFC 9470 §3) is stepped up, once. Then the answer is the answer.
 *
 * @param stepUp what answers RFC 9470
 */
export async function answerRefusal(
  refused: Response,
  send: Send,
  signal: AbortSignal,
  unlessAborted: UnlessAborted,
  renew: Renewal['renew'],
  stepUp: (response: Response) => Promise<Response>,
): Promise<Response> {
  const isFor = (response: Response, error: string): boolean =>
    response.status === 401 &&
    parseAuthenticate(response.headers.get('WWW-Authenticate') ?? '').some(
      ({ parameters }) => parameters.error === error,
    )
  let response = refused
  if (isFor(response, 'invalid_token')) {
    const renewed = renew().then(
      () => true,
      () => false,
    )
    if (await unlessAborted(signal, renewed)) response = await send()
  }
  return isFor(response, 'insufficient_user_authentication') ? stepUp(response) : response
}
