import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'

export interface AccessTokenOptions {
  readonly issuer: string
  readonly audience: string
}

export interface Caller {
  Variables: { subject: string }
}

/** Lets a request in by its access token (RFC 9068), and remembers whose it is. */
export function accessToken({ issuer, audience }: AccessTokenOptions): MiddlewareHandler<Caller> {
  const keys = createRemoteJWKSet(new URL('jwks', issuer.endsWith('/') ? issuer : `${issuer}/`))
  return async (c, next) => {
    const token = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
    if (token === undefined) throw answer(401, 'access_token_required', { 'WWW-Authenticate': 'Bearer' })
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'exp'],
    }).catch(error => {
      throw isTokensFault(error) ? refused() : answer(503, 'temporarily_unavailable', { 'Retry-After': '5' })
    })
    if (payload.sub === undefined) throw refused()
    c.set('subject', payload.sub)
    await next()
  }
}

/** Everything else is about reaching the OP's keys: no verdict on the token. */
const isTokensFault = (error: unknown): boolean =>
  error instanceof errors.JOSEError && !/^ERR_(JWKS_TIMEOUT|JWKS_INVALID|JOSE_GENERIC)$/.test(error.code)

const refused = (): HTTPException =>
  answer(401, 'invalid_token', { 'WWW-Authenticate': 'Bearer error="invalid_token"' })

/** A JSON error that ends the request. */
export function answer(
  status: 400 | 401 | 404 | 409 | 503,
  error: string,
  headers: Record<string, string> = {},
): HTTPException {
  return new HTTPException(status, { res: Response.json({ error }, { headers }) })
}
