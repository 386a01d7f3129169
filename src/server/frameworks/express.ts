import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'
import { type NodeResponse, sendResponse } from './node.ts'
import { answerOf, type NodeRequest, requestOf } from './node-request.ts'

/** The part of Express's `Request` (4 and 5) that is used here, so that Express need not be installed. */
export interface ExpressRequest extends NodeRequest {
  /** The scheme, as the app's setting `trust proxy` says. */
  readonly protocol: string
  /** As in Express: the request target, with the part of the path that routers have removed from `url`. */
  readonly originalUrl: string
}

/** The part of Express's `Response` that is used here. */
export type ExpressResponse = NodeResponse

type Next = (error?: unknown) => void
type Handler = (request: ExpressRequest, response: ExpressResponse, next: Next) => Promise<void>

/**
 * Makes the Web-standard `Request` of an Express request, for the functions of the guards. A DPoP proof is good for one
 * `Request`, so each call gives the same one. The host is that of `Host`; `X-Forwarded-Host` is *not* used.
 *
 * If a parser has read the body, it is written again from what the parser has made: as a form if the content type says
 * so, else as JSON. If no parser has read it, it is read when the body of the `Request` is read, not before.
 *
 * @param request the request of your handler
 * @throws {GuardError} a `GuardError`, `invalid_request`, for a `Host`, a target or a method that no `Request` can have
 * @throws {ConfigurationError} a `ConfigurationError`, later, when the body of the `Request` is read: it was read
 * before, and is gone
 */
export function toRequest(request: ExpressRequest): Request {
  return requestOf(request, request.protocol, request.originalUrl)
}

/**
 * Makes the freshness endpoint: `app.all('/api/freshness', freshness(guard))`. It works behind any body parser or none.
 *
 * @param guard a freshness guard
 * @returns the handler
 */
export function freshness(guard: Pick<FreshnessGuard, 'handler'>): Handler {
  return (request, response, next) =>
    answerOf(guard, request, toRequest)
      .then(answer => sendResponse(answer, response))
      .catch(next)
}

/**
 * An error handler that answers what the guards throw, in `guard.require`, `guard.protect` and the others:
 * `app.use(guardErrors)`. Put it last. It passes any other error on to `next`. If your app has an error handler of its
 * own, put that one after this.
 *
 * @param error what was thrown
 * @param _request not used
 * @param response sends the answer
 * @param next takes any other error, and an error after the answer has begun
 */
export function guardErrors(
  error: unknown,
  _request: ExpressRequest,
  response: ExpressResponse,
  next: Next,
): void {
  // An answer that has begun cannot be replaced: Express then ends the connection.
  if (error instanceof GuardError && !response.headersSent)
    sendResponse(error.toResponse(), response).catch(next)
  else next(error)
}

/**
 * Wraps an async handler, so that its rejection goes to `next`, and so to `guardErrors`: `app.post('/api/payments/:id',
 * asyncHandler(async (req, res) => { await guard.require(…); … }))`.
 *
 * Express 5 does so by itself. Express 4 does not: it ignores what a handler returns, and Node ends the process when no
 * code handles a rejection.
 *
 * @param handler your handler
 * @returns the handler to give to Express
 */
export function asyncHandler<Request, Response>(
  handler: (request: Request, response: Response, next: Next) => unknown,
): (request: Request, response: Response, next: Next) => Promise<void> {
  return async (request, response, next) => {
    try {
      await handler(request, response, next)
    } catch (error) {
      // Express takes a falsy value for no error, and would go on.
      next(error || new Error('asyncHandler: the handler rejected without a reason', { cause: error }))
    }
  }
}
