import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Identify } from './identify.ts'
import type { Sessions } from './sessions.ts'

/** The person that an access token belongs to. */
export interface Caller {
  Variables: { subject: string; sid: unknown }
}

/** Lets a request in by its access token, and remembers the person that it belongs to. */
export function accessToken(identify: Identify, sessions: Sessions): MiddlewareHandler<Caller> {
  return async (c, next) => {
    const { subject, claims } = await identify(c.req.raw)
    // The token is good for some minutes more. The person has signed out at the OP, and wants that to count at once.
    if (await sessions.hasEnded(claims.sid)) throw answer(401, 'invalid_token', sessionEnded)
    c.set('subject', subject)
    c.set('sid', claims.sid)
    await next()
  }
}

const sessionEnded = {
  'WWW-Authenticate': 'Bearer error="invalid_token", error_description="the session has ended"',
}

/** A JSON error that ends the request. */
export function answer(
  status: 400 | 401 | 404 | 409 | 503,
  error: string,
  headers: Record<string, string> = {},
): HTTPException {
  return new HTTPException(status, { res: Response.json({ error }, { headers }) })
}
