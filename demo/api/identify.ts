import { type AccessTokenGuardOptions, createAccessTokenGuard } from 'afresh/server/access-token'
import { answer } from './access-token.ts'

/**
 * Finds the person of a request's access token.
 *
 * @throws a `GuardError` or an `HTTPException`, which is the answer to a request that is not let in
 */
export type Identify = (
  request: Request,
) => Promise<{ readonly subject: string; readonly claims: Readonly<Record<string, unknown>> }>

/** Reads the claims in a token that is for this API. */
export function byToken(options: AccessTokenGuardOptions): Identify {
  const guard = createAccessTokenGuard(options)
  return request => guard.requireAccessToken(request)
}

/**
 * Asks the OP, for tokens that only the OP can read. The answer does *not* say which app or API a token is for, so this
 * suits only an OP that has no other app. A revoked token is refused at once.
 *
 * @see OpenID Connect Core 1.0 §5.3
 */
export function byUserinfo(issuer: string): Identify {
  const load = once(() => discover(issuer))
  const ask = async (token: string): Promise<Response> => {
    const { userinfo_endpoint: endpoint } = await load()
    const response = await fetch(endpoint, { headers: { Authorization: `Bearer ${token}` } })
    if (response.status < 500) return response
    throw new Error(`The OP answered with ${response.status}`)
  }
  return async request => {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1]
    if (token === undefined) throw answer(401, 'access_token_required', { 'WWW-Authenticate': 'Bearer' })
    const response = await ask(token).catch(() => {
      throw answer(503, 'temporarily_unavailable', { 'Retry-After': '5' })
    })
    const claims = response.ok ? await response.json() : {}
    if (typeof claims.sub === 'string') return { subject: claims.sub, claims }
    throw answer(401, 'invalid_token', { 'WWW-Authenticate': 'Bearer error="invalid_token"' })
  }
}

/** @see OpenID Connect Discovery 1.0 §4 */
async function discover(issuer: string): Promise<Record<'userinfo_endpoint', string>> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  return response.json()
}

/** Keeps the result. A failure is forgotten. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () => {
    loading ??= load().catch(error => {
      loading = undefined
      throw error
    })
    return loading
  }
}
