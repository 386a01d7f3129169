import { AuthorizationResponseError } from '../core/errors.ts'
import type { Browser } from './browser.ts'
import { postForm } from './token-endpoint.ts'

/** Seconds that it may take. */
const timeLimit = 3

/** What the OP says of a client: it knows it; it refuses it, with this error; or it does not tell. */
export type ClientStanding = 'known' | 'untold' | { readonly refusal: string }

/**
 * Asks the token endpoint about the client, with a code that no OP has given: it looks at the client first. Of an OP
 * that lets only registered clients read its answers, nothing is told. It never rejects.
 *
 * @see RFC 6749 §4.1.3, §5.2
 */
export async function askAboutClient(
  browser: Pick<Browser, 'clock' | 'fetch'>,
  tokenEndpoint: string,
  { clientId, callbackUrl }: { readonly clientId: string; readonly callbackUrl: string },
): Promise<ClientStanding> {
  const form = {
    grant_type: 'authorization_code',
    code: 'none',
    // As long as it must be (RFC 7636 §4.1).
    code_verifier: 'none'.repeat(11),
    client_id: clientId,
    redirect_uri: callbackUrl,
  }
  try {
    await postForm(browser, tokenEndpoint, form, timeLimit)
    return 'untold'
  } catch (cause) {
    const error = cause instanceof AuthorizationResponseError ? cause.error : ''
    if (error === 'invalid_grant') return 'known'
    return error === 'invalid_client' || error === 'unauthorized_client' ? { refusal: error } : 'untold'
  }
}
