import type { FreshnessGuard } from 'afresh/server'
import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Identify } from './identify.ts'

/** The person that an access token belongs to. */
export interface Caller {
  Variables: { subject: string; sid: unknown }
}

/**
 * Lets a request in by its access token, and remembers the person that it belongs to.
 *
 * @param checkDpop checks a token against the key that it is bound to; without it, a token works for any sender
 */
export function accessToken(
  identify: Identify,
  checkDpop?: FreshnessGuard['checkDpop'],
): MiddlewareHandler<Caller> {
  const scheme = checkDpop ? 'DPoP' : 'Bearer'
  const authorization = new RegExp(`^${scheme} +(\\S+)$`, 'i')
  return async (c, next) => {
    const token = authorization.exec(c.req.header('Authorization') ?? '')?.[1]
    if (token === undefined) throw answer(401, 'access_token_required', { 'WWW-Authenticate': scheme })
    const claims = await identify(token).catch(() => {
      throw answer(503, 'temporarily_unavailable', { 'Retry-After': '5' })
    })
    if (claims?.sub === undefined)
      throw answer(401, 'invalid_token', { 'WWW-Authenticate': `${scheme} error="invalid_token"` })
    await checkDpop?.(c.req.raw, claims)
    c.set('subject', claims.sub)
    c.set('sid', claims.sid)
    await next()
  }
}

/** A JSON error that ends the request. */
export function answer(
  status: 400 | 401 | 404 | 409 | 503,
  error: string,
  headers: Record<string, string> = {},
): HTTPException {
  return new HTTPException(status, { res: Response.json({ error }, { headers }) })
}
