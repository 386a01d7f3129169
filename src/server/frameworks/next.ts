import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'

type EndpointGuard = Pick<FreshnessGuard, 'handler'>
type Handler = (request: Request) => Promise<Response>

/**
 * Makes the freshness endpoint, as the exports of a route handler such as `app/api/freshness/route.ts`: `export const {
 * POST, OPTIONS } = freshness(() => guards().guard)`. Next answers every other method with its own 405.
 *
 * Next does not take the URL of `request` from `Host`: a server that was started by `next start` sees
 * `http://localhost:3000`. So name the origin of your pages in the guard's option `origins`; browsers that send no
 * `Sec-Fetch-Site` need it. If a GET is a sensitive call, set `cookie: { secure: true }` on servers with https.
 *
 * @param guard a freshness guard, or a function that gives one. The function is called for each request. Use a function
 * if the guard needs secrets: `next build` loads the module too, and has none
 * @returns the route's exports
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
 * Wraps a route handler, and answers what the guards throw in it, in `guard.require`, `guard.protect` and the others:
 * `export const POST = guarded(async request => { await guard.require(request, …); … })`. Any other error is thrown on,
 * also the errors that `redirect` and `notFound` throw.
 *
 * It is for route handlers only. A server action can set no status and no header, so it cannot ask the browser for a
 * new login. Make a sensitive call a route handler.
 *
 * @param handler your route handler
 * @returns the route handler to export
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
