import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'

/** What is known of whose an access token is; null when the token is no good. @throws when that cannot be found out */
export type Identify = (token: string) => Promise<JWTPayload | null>

/** Reads it from a token that is for this API. @see RFC 9068 §4 */
export function byToken(issuer: string, audience: string): Identify {
  const loadKeys = once(async (): Promise<JWTVerifyGetKey> => {
    const { jwks_uri: uri } = await discover(issuer)
    return createRemoteJWKSet(new URL(uri))
  })
  return async token => {
    const keys = await loadKeys()
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        typ: 'at+jwt',
        algorithms: ['RS256'],
        requiredClaims: ['sub', 'exp'],
      })
      return payload
    } catch (error) {
      if (isTokensFault(error)) return null
      throw error
    }
  }
}

/** Everything else is about reaching the OP's keys: no verdict on the token. */
const isTokensFault = (error: unknown): boolean =>
  error instanceof errors.JOSEError && !/^ERR_(JWKS_TIMEOUT|JWKS_INVALID|JOSE_GENERIC)$/.test(error.code)

/**
 * Asks the OP, for tokens that only the OP can read. It does *not* say which app or API a token is for, so this is for
 * an OP that has no other app. Revoked tokens are no good at once.
 *
 * @see OpenID Connect Core 1.0 §5.3
 */
export function byUserinfo(issuer: string): Identify {
  const load = once(() => discover(issuer))
  return async token => {
    const { userinfo_endpoint: endpoint } = await load()
    const response = await fetch(endpoint, { headers: { Authorization: `Bearer ${token}` } })
    if (response.ok) return response.json()
    if (response.status < 500) return null
    throw new Error(`The OP answered with ${response.status}`)
  }
}

/** @see OpenID Connect Discovery 1.0 §4 */
async function discover(issuer: string): Promise<Record<'jwks_uri' | 'userinfo_endpoint', string>> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  return response.json()
}

/** Keeps what came; a failure is forgotten. */
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
