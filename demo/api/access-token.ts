import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Identify } from './identify.ts'

/** The person that an access token belongs to. */
export interface Caller {
  Variables: { subject: string; sid: unknown }
}

/** Lets a request in by its access token, and remembers the person that it belongs to. */
export function accessToken(identify: Identify): MiddlewareHandler<Caller> {
  return async (c, next) => {
    const { subject, claims } = await identify(c.req.raw)
    c.set('subject', subject)
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
