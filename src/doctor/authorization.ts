import { NoAnswer, request } from './http.ts'
import type { Finding, Metadata, Patient } from './report.ts'

/**
 * Asks in silence, without a session: the OP should send the browser back with `login_required`.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1, §3.1.2.6
 */
export async function authorizationFindings(
  metadata: Metadata,
  { clientId, redirectUri, origin, seconds }: Patient,
): Promise<Finding[]> {
  const check = 'prompt=none'
  if (redirectUri === undefined)
    return [{ check, level: 'unknown', text: 'Not asked: say --redirect-uri, one that is registered.' }]
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
      const text = `It answers ${status} instead of coming back: is the redirect URI registered, and prompt=none known?`
      return [{ check, level: 'risk', text }]
    }
    const { searchParams } = new URL(location)
    const error = searchParams.get('error')
    const findings: Finding[] = [
      error === 'login_required' || error === 'interaction_required'
        ? { check, level: 'good', text: `It comes back with ${error}.` }
        : {
            check,
            level: 'risk',
            text: `It comes back with ${error ?? 'no error'} where nobody is signed in.`,
          },
    ]
    const framing = `${headers.get('X-Frame-Options')} ${headers.get('Content-Security-Policy')}`
    if (/deny|sameorigin|frame-ancestors/i.test(framing))
      findings.push({
        check: 'frame',
        level: 'risk',
        text: 'It refuses to be framed, so a silent renewal needs refresh tokens.',
      })
    return findings
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return [{ check, level: 'fail', text: `The authorization endpoint ${error.message}.` }]
  }
}
