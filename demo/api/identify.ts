import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'

/**
 * Gives the claims about the person of an access token; null when the token is not valid.
 *
 * @throws when this cannot be found out
 */
export type Identify = (token: string) => Promise<JWTPayload | null>

/** Reads the claims in a token that is for this API. @see RFC 9068 §4 */
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

/** All other errors mean that the OP's keys cannot be reached, and say nothing about the token. */
const isTokensFault = (error: unknown): boolean =>
  error instanceof errors.JOSEError && !/^ERR_(JWKS_TIMEOUT|JWKS_INVALID|JOSE_GENERIC)$/.test(error.code)

/**
 * Asks the OP, for tokens that only the OP can read. The answer does *not* say which app or API a token is for, so this
 * suits only an OP that has no other app. A revoked token is refused at once.
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
