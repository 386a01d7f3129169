import { GuardError } from './errors.ts'
import type { FreshnessGuard } from './guard.ts'

/** As much of Hono's `Context` as is needed here, so that Hono need not be installed. */
export interface HonoContext {
  readonly req: { readonly raw: Request }
}

/** The endpoint: `app.all('/api/freshness', freshness(guard))`. */
export function freshness(guard: Pick<FreshnessGuard, 'handler'>): (c: HonoContext) => Promise<Response> {
  return c => guard.handler(c.req.raw)
}

/** Answers what `guard.require` throws: `app.onError(guardErrors)`. Any other error is thrown on. */
export function guardErrors(error: Error): Response {
  if (error instanceof GuardError) return error.toResponse()
  throw error
}
