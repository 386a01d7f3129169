import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'

type EndpointGuard = Pick<FreshnessGuard, 'handler'>
type Handler = (request: Request) => Promise<Response>

/**
 * The endpoint, as the exports of a route handler such as `app/api/freshness/route.ts`: `export const { POST, OPTIONS }
 * = freshness(() => guards().guard)`. Next answers every other method with its own 405.
 *
 * Next does not take the URL of `request` from `Host`: a server that is started by `next start` sees
 * `http://localhost:3000`. The guard's option `origins` names the origin of your pages, for browsers that do not send
 * `Sec-Fetch-Site`. If a GET is a sensitive call, set `cookie: { secure: true }` where you serve https.
 *
 * @param guard or a function that gives it, called for each request: `next build` loads the module too, and has no
 * secrets to make a guard of
 */
export function freshness(
  guard: EndpointGuard | (() => EndpointGuard),
): Readonly<Record<'POST' | 'OPTIONS', Handler>> {
  const handler: Handler = async request => {
    const { handler } = typeof guard === 'function' ? guard() : guard
    return handler(request)
  }
  return { POST: handler, OPTIONS: handler }
}

/**
 * A route handler that answers what the guards throw, in `guard.require`, `guard.protect` and the others: `export const
 * POST = guarded(async request => { await guard.require(request, …); … })`. Any other error is thrown on, also those by which `redirect` and `notFound` work.
 *
 * It is for route handlers only. A server action can answer with no status and no header, so it cannot ask the browser
 * for a new login: make a sensitive call a route handler.
 */
export function guarded<Incoming extends Request, Others extends readonly unknown[]>(
  handler: (request: Incoming, ...others: Others) => Response | Promise<Response>,
): (request: Incoming, ...others: Others) => Promise<Response> {
  return async (request, ...others) => {
    try {
      return await handler(request, ...others)
    } catch (error) {
      if (error instanceof GuardError) return error.toResponse()
      throw error
    }
  }
}
