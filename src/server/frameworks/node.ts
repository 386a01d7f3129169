import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'
import { answerOf, type NodeRequest, requestOf } from './node-request.ts'
import { mergeVary } from './vary.ts'

export type { NodeRequest } from './node-request.ts'

/** The part of Node's `ServerResponse` and `Http2ServerResponse` that is used here. */
export interface NodeResponse {
  /** As in Node's `http.ServerResponse`: the HTTP status, until the headers are sent. */
  statusCode: number
  /** As in Node's `http.ServerResponse`: whether the answer has begun, so that no other can be sent. */
  readonly headersSent: boolean
  /**
   * As in Node's `http.ServerResponse`: gives a header that is set already. Cookies and `Vary` are read, to keep them.
   *
   * @param name the header's name
   */
  getHeader(name: string): number | string | string[] | undefined
  /**
   * As in Node's `http.ServerResponse`: sets a header, and replaces what was set under this name.
   *
   * @param name the header's name
   * @param value the header's value, or one value for each line
   */
  setHeader(name: string, value: string | string[]): unknown
  /**
   * As in Node's `http.ServerResponse`: sends the answer.
   *
   * @param body the whole body
   */
  end(body: Uint8Array): unknown
  /** As in Node's `http.ServerResponse`: cuts the connection. */
  destroy(): unknown
}

/**
 * Makes the Web-standard `Request` of Node's request (`node:http`, `node:https`, `node:http2`), for the functions of
 * the guards. A DPoP proof is good for one `Request`, so each call gives the same one. The scheme is that of the
 * connection, and the host is that of `Host`; `X-Forwarded-*` is *not* used.
 *
 * The body is read when the body of the `Request` is read, not before. If a parser has put the body into
 * `request.body`, it is written again from there: as a form if the content type says so, else as JSON.
 *
 * @param request the request of your listener
 * @throws {GuardError} a `GuardError`, `invalid_request`, for a `Host`, a target or a method that no `Request` can have
 * @throws {ConfigurationError} a `ConfigurationError`, later, when the body of the `Request` is read: it was read
 * before, and is gone
 */
export function toRequest(request: NodeRequest): Request {
  const isEncrypted = 'encrypted' in request.socket && request.socket.encrypted === true
  return requestOf(request, isEncrypted ? 'https' : 'http', request.url ?? '')
}

/**
 * Makes the freshness endpoint, as a listener: `createServer(freshness(guard))`, or call it in your own listener for
 * one path. It never rejects. A mistake in the set-up goes to `console.error` and is answered with a 500.
 *
 * @param guard a freshness guard
 * @returns the listener
 */
export function freshness(
  guard: Pick<FreshnessGuard, 'handler'>,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return guarded(async (request, response) =>
    sendResponse(await answerOf(guard, request, toRequest), response),
  )
}

/**
 * Wraps a listener, and answers what the guards throw in it, in `guard.require`, `guard.protect` and the others:
 * `createServer(guarded(async (request, response) => { await guard.require(toRequest(request), …); … }))`.
 *
 * It never rejects, because Node ends the process if a listener does. Any other error goes to `console.error` and is
 * answered with a 500. If an answer has begun, the connection is cut.
 *
 * @param listener your listener
 * @returns the listener to serve
 */
export function guarded<Incoming extends NodeRequest, Outgoing extends NodeResponse>(
  listener: (request: Incoming, response: Outgoing) => unknown,
): (request: Incoming, response: Outgoing) => Promise<void> {
  return async (request, response) => {
    try {
      await listener(request, response)
    } catch (error) {
      if (error instanceof GuardError && !response.headersSent)
        return sendResponse(error.toResponse(), response)
      console.error(error)
      if (response.headersSent) return void response.destroy()
      response.statusCode = 500
      response.end(new Uint8Array())
    }
  }
}

/**
 * Sends a `Response`, such as that of `GuardError.toResponse()`, through Node's response. It holds the whole body in
 * memory first. Cookies and a `Vary` that you have set already are sent too. Any other header of the same name is
 * replaced.
 *
 * @param answer the answer to send
 * @param response the response of your listener
 */
export async function sendResponse(answer: Response, response: NodeResponse): Promise<void> {
  const body = new Uint8Array(await answer.arrayBuffer())
  response.statusCode = answer.status
  for (const [name, value] of answer.headers) {
    if (name === 'set-cookie') continue
    response.setHeader(name, name === 'vary' ? mergeVary(response.getHeader(name), value) : value)
  }
  const cookies = answer.headers.getSetCookie()
  const set = [response.getHeader('Set-Cookie') ?? []].flat().map(String)
  if (cookies.length > 0) response.setHeader('Set-Cookie', [...set, ...cookies])
  response.end(body)
}
