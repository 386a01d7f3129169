// OpenID Connect at its bare minimum, with the contents of discovery written down. It is a limit to measure against: it
// checks state and nonce, and nothing else.
const { issuer, clientId } = __BENCH__
const tinyCallback = `${location.origin}/callback.html`

/** A person's session, as far as the bench needs it. */
export interface Session {
  readonly name: string
  readonly accessToken: string
  readonly refreshToken: string | undefined
  /** Epoch seconds. */
  readonly expiresAt: number
}

interface Transaction {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly redirectUri: string
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')
const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)))

async function begin(redirectUri: string, extra: Record<string, string> = {}) {
  const transaction: Transaction = { state: random(), nonce: random(), verifier: random(), redirectUri }
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(transaction.verifier))
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    response_mode: 'fragment',
    scope: 'openid profile email',
    redirect_uri: redirectUri,
    state: transaction.state,
    nonce: transaction.nonce,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
    ...extra,
  })
  return { transaction, url: `${issuer}/auth?${query}` }
}

/** Leaves the page. */
export async function leave(): Promise<void> {
  const { transaction, url } = await begin(`${location.origin}/`)
  sessionStorage.setItem('floor', JSON.stringify(transaction))
  location.assign(url)
}

/** The session that a redirect brought back, or null for any other page load. */
export function comeBack(): Promise<Session> | null {
  const kept = sessionStorage.getItem('floor')
  if (kept === null || !location.hash.includes('state=')) return null
  const { hash } = location
  sessionStorage.removeItem('floor')
  history.replaceState(null, '', location.pathname)
  return redeem(JSON.parse(kept), hash)
}

/** Asks the OP in a hidden frame. */
export async function ask(): Promise<Session> {
  const { transaction, url } = await begin(tinyCallback, { prompt: 'none' })
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.src = url
  document.body.append(frame)
  const hash = await answerFrom(frame.contentWindow)
  frame.remove()
  return redeem(transaction, hash)
}

/** Asks the person in a popup. */
export async function askInPopup(): Promise<Session> {
  const popup = open('about:blank', '_blank', 'popup,width=480,height=680')
  const { transaction, url } = await begin(tinyCallback)
  popup?.location.replace(url)
  const hash = await answerFrom(popup)
  popup?.close()
  return redeem(transaction, hash)
}

function answerFrom(asked: Window | null): Promise<string> {
  return new Promise(resolve => {
    const receive = ({ source, data }: MessageEvent): void => {
      if (source !== asked) return
      removeEventListener('message', receive)
      resolve(data)
    }
    addEventListener('message', receive)
  })
}

async function redeem({ state, nonce, verifier, redirectUri }: Transaction, hash: string): Promise<Session> {
  const response = new URLSearchParams(hash.slice(1))
  const code = response.get('code')
  if (response.get('state') !== state || code === null) throw new Error('no code')
  const grant = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri }
  const [session, claims] = await requestTokens(grant)
  if (claims.nonce !== nonce) throw new Error('wrong nonce')
  return session
}

/** Renews a session by its refresh token. */
export async function refresh(refreshToken: string): Promise<Session> {
  const [session] = await requestTokens({ grant_type: 'refresh_token', refresh_token: refreshToken })
  return session
}

async function requestTokens(grant: Record<string, string>): Promise<[Session, { nonce?: string }]> {
  const body = new URLSearchParams({ client_id: clientId, ...grant })
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body })
  if (!answer.ok) throw new Error(`token endpoint: ${answer.status}`)
  const { access_token, refresh_token, id_token, expires_in } = await answer.json()
  const payload = id_token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')
  const bytes = Uint8Array.from(atob(payload), character => character.charCodeAt(0))
  const claims = JSON.parse(new TextDecoder().decode(bytes))
  const expiresAt = Math.floor(Date.now() / 1000) + expires_in
  return [{ name: claims.name, accessToken: access_token, refreshToken: refresh_token, expiresAt }, claims]
}
