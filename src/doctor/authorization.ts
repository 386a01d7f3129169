import { NoAnswer, request } from './http.ts'
import type { Finding, Metadata, Patient } from './report.ts'

/**
 * Sends `prompt=none` without a session: the OP should send the browser back with `login_required`.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1, §3.1.2.6
 */
export async function authorizationFindings(
  metadata: Metadata,
  { clientId, redirectUri, origin, seconds }: Patient,
): Promise<Finding[]> {
  const check = 'prompt=none'
  if (redirectUri === undefined)
    return [{ check, level: 'unknown', text: 'Not tried: it needs --redirect-uri, with a registered one.' }]
  const url = new URL(String(metadata.authorization_endpoint))
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
      return [{ check, level: 'risk', text }]
    }
    const { searchParams } = new URL(location)
    const error = searchParams.get('error')
    const findings: Finding[] = [
      error === 'login_required' || error === 'interaction_required'
        ? { check, level: 'good', text: `The provider answers ${error}, as it should.` }
        : {
            check,
            level: 'risk',
            text: `The provider answers ${error ?? 'no error'}, although no person is signed in.`,
          },
    ]
    const framing = `${headers.get('X-Frame-Options')} ${headers.get('Content-Security-Policy')}`
    if (/deny|sameorigin|frame-ancestors/i.test(framing))
      findings.push({
        check: 'frame',
        level: 'risk',
        text: 'Its pages refuse to be framed, so a silent renewal needs refresh tokens.',
      })
    return findings
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return [{ check, level: 'fail', text: `The authorization endpoint ${error.message}.` }]
  }
}
