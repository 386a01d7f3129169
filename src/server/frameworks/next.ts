import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'

type Handler = (request: Request) => Promise<Response>

/** The endpoint, as a route handler's exports: `export const { GET, POST, OPTIONS } = freshness(guard)`. */
export function freshness({
  handler,
}: Pick<FreshnessGuard, 'handler'>): Readonly<Record<'GET' | 'POST' | 'OPTIONS', Handler>> {
  return { GET: handler, POST: handler, OPTIONS: handler }
}

/** A route handler that answers what the guard throws. Any other error is thrown on. */
export function guarded<Arguments extends readonly unknown[]>(
  handler: (request: Request, ...others: Arguments) => Response | Promise<Response>,
): (request: Request, ...others: Arguments) => Promise<Response> {
  return async (request, ...others) => {
    try {
      return await handler(request, ...others)
    } catch (error) {
      if (error instanceof GuardError) return error.toResponse()
      throw error
    }
  }
}
