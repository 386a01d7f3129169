import { isUrlOfOp } from '../core/web-url.ts'
import { NoAnswer, request } from './http.ts'
import type { Finding, Metadata, Patient } from './report.ts'

/**
 * Sends `prompt=none` without a session: the OP should send the browser back with `login_required`.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1, §3.1.2.6
 */
export async function authorizationFindings(
  metadata: Metadata,
  { issuer, clientId, redirectUri, origin, seconds }: Patient,
): Promise<Finding[]> {
  const check = 'prompt=none'
  if (redirectUri === undefined)
    return [{ check, level: 'unknown', text: 'Not tried: it needs --redirect-uri, with a registered one.' }]
  if (!isUrlOfOp(metadata.authorization_endpoint, issuer)) return []
  const url = new URL(metadata.authorization_endpoint)
  const query = {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
    prompt: 'none',
    state: 'doctor',
    nonce: 'doctor',
    code_challenge: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  try {
    const { status, headers } = await request(url.href, { origin, seconds })
    const location = headers.get('Location') ?? ''
    if (!location.startsWith(redirectUri)) {
      const text = `The provider answers ${status} and does not redirect back: is the redirect URI registered, and does it know prompt=none?`
      return [{ check, level: 'risk', text }, ...framingFindings(status, headers)]
    }
    const { searchParams } = new URL(location)
    const error = searchParams.get('error')
    return [
      error === 'login_required' || error === 'interaction_required'
        ? { check, level: 'good', text: `The provider answers ${error}, as it should.` }
        : {
            check,
            level: 'risk',
            text: `The provider answers ${error ?? 'no error'}, although no person is signed in.`,
          },
    ]
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return [{ check, level: 'fail', text: `The authorization endpoint ${error.message}.` }]
  }
}

/** Only for a page: browsers ignore what a redirect says of frames. @see RFC 7034 §2.1; CSP Level 3 §6.4.2 */
function framingFindings(status: number, headers: Headers): Finding[] {
  const framing = `${headers.get('X-Frame-Options')} ${headers.get('Content-Security-Policy')}`
  if (status >= 300 || !/deny|sameorigin|frame-ancestors/i.test(framing)) return []
  const text = 'Its pages refuse to be framed, so a silent renewal needs refresh tokens.'
  return [{ check: 'frame', level: 'risk', text }]
}
