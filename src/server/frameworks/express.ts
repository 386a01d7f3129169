import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'
import { type NodeResponse, sendResponse } from './node.ts'
import { answerOf, type NodeRequest, requestOf } from './node-request.ts'

/** The part of Express's `Request` (4 and 5) that is used here, so that Express need not be installed. */
export interface ExpressRequest extends NodeRequest {
  /** The scheme, by the app's `trust proxy` setting. */
  readonly protocol: string
  /** The request target with the path that routers have taken off `url`, as in Express. */
  readonly originalUrl: string
}

/** The part of Express's `Response` that is used here. */
export type ExpressResponse = NodeResponse

type Next = (error?: unknown) => void
type Handler = (request: ExpressRequest, response: ExpressResponse, next: Next) => Promise<void>

/**
 * The Web-standard `Request` of an Express request, for the guard's functions. It is the same one each time, because a
 * DPoP proof is good for one. Its body is written again from what a parser has made of it, by its content type: as a
 * form, or else as JSON. Where no parser has read it, it is not read before the body of the `Request` is. Its host is that
 * of `Host`; `X-Forwarded-Host` is *not* used.
 *
 * @throws {GuardError} `invalid_request` for a `Host`, a target or a method that no `Request` can have
 * @throws {ConfigurationError} later, when its body is read: the body was read before, and is gone
 */
export function toRequest(request: ExpressRequest): Request {
  return requestOf(request, request.protocol, request.originalUrl)
}

/** The endpoint: `app.all('/api/freshness', freshness(guard))`, behind any body parser or none. */
export function freshness(guard: Pick<FreshnessGuard, 'handler'>): Handler {
  return (request, response, next) =>
    answerOf(guard, request, toRequest)
      .then(answer => sendResponse(answer, response))
      .catch(next)
}

/**
 * Answers what the guards throw, in `guard.require`, `guard.protect` and the others: `app.use(guardErrors)`, last. Any
 * other error is passed on. An app that has a handler of its own puts it after this one.
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
 * A handler whose rejection goes to `next`, and so to `guardErrors`. Express 5 does so by itself; Express 4 ignores
 * what a handler returns, and Node ends the process when no code handles a rejection: `app.post('/api/payments/:id',
 * asyncHandler(async (req, res) => { await guard.require(…); … }))`.
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
