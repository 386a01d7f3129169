import type { DemoConfig } from '../config.ts'

/**
 * Pushes a request with the page's own client, which has no secret, so that anybody can do it (RFC 9126 §7). It answers
 * the nonce of the bank's challenge.
 *
 * @returns its `request_uri`
 */
export async function pushOwnRequest(
  { issuer, clientId }: Pick<DemoConfig, 'issuer' | 'clientId'>,
  nonce: string,
  state: string,
): Promise<string> {
  const { pushed_authorization_request_endpoint: endpoint } = await json(
    fetch(`${issuer}/.well-known/openid-configuration`),
  )
  const body = new URLSearchParams({
    client_id: clientId,
    redirect_uri: `${location.origin}/auth/callback.html`,
    response_type: 'code',
    response_mode: 'fragment',
    scope: 'openid',
    prompt: 'login',
    code_challenge: await digest(crypto.randomUUID() + crypto.randomUUID()),
    code_challenge_method: 'S256',
    nonce,
    state,
  })
  const { request_uri } = await json(fetch(String(endpoint), { method: 'POST', body }))
  return String(request_uri)
}

const json = async (response: Promise<Response>): Promise<Readonly<Record<string, unknown>>> =>
  (await response).json()

/** The SHA-256 of a text, in base64url. */
export async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  const base64 = btoa(String.fromCharCode(...bytes))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
