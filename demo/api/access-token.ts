import type { FreshnessGuard } from 'afresh/server'
import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'

export interface AccessTokenOptions {
  readonly issuer: string
  readonly audience: string
  /** Holds a token against the key it is bound to; without it, tokens are good for whoever has them. */
  readonly checkDpop?: FreshnessGuard['checkDpop'] | undefined
}

export interface Caller {
  Variables: { subject: string; sid: unknown }
}

/** Lets a request in by its access token (RFC 9068), and remembers whose it is. */
export function accessToken({ issuer, audience, checkDpop }: AccessTokenOptions): MiddlewareHandler<Caller> {
  let loading: Promise<JWTVerifyGetKey> | undefined
  const loadKeys = (): Promise<JWTVerifyGetKey> => {
    loading ??= discoverKeys(issuer).catch(error => {
      loading = undefined
      throw error
    })
    return loading
  }
  const scheme = checkDpop ? 'DPoP' : 'Bearer'
  const authorization = new RegExp(`^${scheme} +(\\S+)$`, 'i')
  const refused = (): HTTPException =>
    answer(401, 'invalid_token', { 'WWW-Authenticate': `${scheme} error="invalid_token"` })
  return async (c, next) => {
    const token = authorization.exec(c.req.header('Authorization') ?? '')?.[1]
    if (token === undefined) throw answer(401, 'access_token_required', { 'WWW-Authenticate': scheme })
    const keys = await loadKeys().catch(() => {
      throw unavailable()
    })
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'exp'],
    }).catch(error => {
      throw isTokensFault(error) ? refused() : unavailable()
    })
    if (payload.sub === undefined) throw refused()
    await checkDpop?.(c.req.raw, payload)
    c.set('subject', payload.sub)
    c.set('sid', payload.sid)
    await next()
  }
}

/** @see OpenID Connect Discovery 1.0 §4 */
async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const metadata = (await response.json()) as { readonly jwks_uri: string }
  return createRemoteJWKSet(new URL(metadata.jwks_uri))
}

const unavailable = (): HTTPException => answer(503, 'temporarily_unavailable', { 'Retry-After': '5' })

/** Everything else is about reaching the OP's keys: no verdict on the token. */
const isTokensFault = (error: unknown): boolean =>
  error instanceof errors.JOSEError && !/^ERR_(JWKS_TIMEOUT|JWKS_INVALID|JOSE_GENERIC)$/.test(error.code)

/** A JSON error that ends the request. */
export function answer(
  status: 400 | 401 | 404 | 409 | 503,
  error: string,
  headers: Record<string, string> = {},
): HTTPException {
  return new HTTPException(status, { res: Response.json({ error }, { headers }) })
}
