export interface SilentRequest {
  readonly issuer: string
  readonly clientId: string
  readonly redirectUri: string
  /** What else the authorization request says. */
  readonly params: Readonly<Record<string, string>>
}

/**
 * What code injected into a page can do without the person: it asks the OP in a hidden frame, hears the answer from the
 * callback page and redeems the code itself. It runs in the page, so it uses nothing from here.
 *
 * @returns the token endpoint's answer
 */
export async function askInSilence(request: SilentRequest): Promise<Record<string, string>> {
  const { issuer, clientId: client_id, redirectUri: redirect_uri, params } = request
  const code_verifier = crypto.randomUUID() + crypto.randomUUID()
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code_verifier))
  const code_challenge = btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
  const state = crypto.randomUUID()
  const channel = new BroadcastChannel(`afresh:${state}`)
  const answered = new Promise<string>(resolve => {
    channel.onmessage = ({ data }) => resolve(data)
  })
  const query = new URLSearchParams({
    client_id,
    redirect_uri,
    response_type: 'code',
    scope: 'openid',
    prompt: 'none',
    state,
    code_challenge,
    code_challenge_method: 'S256',
    ...params,
  })
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.src = `${issuer}/auth?${query}`
  document.body.append(frame)
  const code = new URLSearchParams(await answered).get('code') ?? ''
  frame.remove()
  channel.close()
  const form = { grant_type: 'authorization_code', client_id, redirect_uri, code, code_verifier }
  const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) })
  return response.json()
}

/** Sends JSON to the backend from within the page, as such code would. */
export async function send({
  path,
  body,
  headers = {},
}: {
  readonly path: string
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}): Promise<{ readonly status: number; readonly body: Record<string, string> }> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

/**
 * The same by a request that it pushes (RFC 9126): twice, so that one code is left as it came, and the other is redeemed.
 * It runs in the page, so it uses nothing from here.
 *
 * @returns the first code with its `iss`, and the second one's ID Token; or the OP's error
 */
export async function pushInSilence(request: SilentRequest): Promise<Record<string, string>> {
  const { issuer, clientId: client_id, redirectUri: redirect_uri, params } = request
  const post = async (path: string, form: Record<string, string>): Promise<Record<string, string>> => {
    const response = await fetch(`${issuer}${path}`, { method: 'POST', body: new URLSearchParams(form) })
    return response.json()
  }
  const code_verifier = crypto.randomUUID() + crypto.randomUUID()
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code_verifier))
  const code_challenge = btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
  const ask = async (): Promise<Record<string, string>> => {
    const channel = new BroadcastChannel(`afresh:${params.state}`)
    const answered = new Promise<string>(resolve => {
      channel.onmessage = ({ data }) => resolve(data)
    })
    const pushed = await post('/request', {
      ...{ client_id, redirect_uri, response_type: 'code', scope: 'openid', prompt: 'none' },
      ...{ code_challenge, code_challenge_method: 'S256', ...params },
    })
    if (pushed.request_uri === undefined) return pushed
    const frame = document.createElement('iframe')
    frame.hidden = true
    frame.src = `${issuer}/auth?${new URLSearchParams({ client_id, request_uri: pushed.request_uri })}`
    document.body.append(frame)
    const response = Object.fromEntries(new URLSearchParams(await answered))
    frame.remove()
    channel.close()
    return response
  }
  const first = await ask()
  if (first.code === undefined) return first
  const { code = '' } = await ask()
  const tokens = await post('/token', {
    ...{ grant_type: 'authorization_code', client_id, redirect_uri, code, code_verifier },
  })
  return { code: first.code, iss: first.iss ?? '', id_token: tokens.id_token ?? '' }
}
