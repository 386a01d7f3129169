import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'
import type { ReadBody } from '../http/message.ts'

/** As much of Hono's `Context` as is needed here, so that Hono need not be installed. */
export interface HonoContext {
  readonly req: { readonly raw: Request }
  /** On Node its `incoming` is the message that `raw` was made from. */
  readonly env?: unknown
}

/** The endpoint: `app.all('/api/freshness', freshness(guard))`. */
export function freshness(guard: Pick<FreshnessGuard, 'handler'>): (c: HonoContext) => Promise<Response> {
  return c => guard.handler(c.req.raw, shortcut(c))
}

/** Answers what `guard.require` throws: `app.onError(guardErrors)`. Any other error is thrown on. */
export function guardErrors(error: Error): Response {
  if (error instanceof GuardError) return error.toResponse()
  throw error
}

/**
 * `raw.body` would have to be made first, which takes Node longer than all that the guard then does. `raw.arrayBuffer()`
 * reads Node's message itself, which ends where its Content-Length says, unless somebody has put a `Request` of their own in
 * the place of the server's.
 */
function shortcut({ req: { raw }, env }: HonoContext): ReadBody | undefined {
  const isServers = Object.getPrototypeOf(raw) !== Request.prototype
  const { incoming } = (env ?? {}) as { readonly incoming?: unknown }
  return isServers && incoming ? () => raw.arrayBuffer() : undefined
}
