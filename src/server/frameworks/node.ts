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
  /** As in Node's `http.ServerResponse`: what is set already, of which cookies and `Vary` are kept. */
  getHeader(name: string): number | string | string[] | undefined
  /** As in Node's `http.ServerResponse`: replaces what was set under this name. */
  setHeader(name: string, value: string | string[]): unknown
  /** As in Node's `http.ServerResponse`: sends the answer with this body. */
  end(body: Uint8Array): unknown
  /** As in Node's `http.ServerResponse`: cuts the connection. */
  destroy(): unknown
}

/**
 * The Web-standard `Request` of Node's request (`node:http`, `node:https`, `node:http2`), for the guard's functions. It
 * is the same one each time, because a DPoP proof is good for one. The scheme is the connection's; `X-Forwarded-*` is
 * *not* used. Nothing of the body is read before the body of the `Request` is. Where a parser has put it into
 * `request.body`, it is written again by its content type: as a form, or else as JSON.
 *
 * @throws {GuardError} `invalid_request` for a `Host`, a target or a method that no `Request` can have
 * @throws {ConfigurationError} later, when its body is read: the body was read before, and is gone
 */
export function toRequest(request: NodeRequest): Request {
  const isEncrypted = 'encrypted' in request.socket && request.socket.encrypted === true
  return requestOf(request, isEncrypted ? 'https' : 'http', request.url ?? '')
}

/**
 * The endpoint, as a listener: `createServer(freshness(guard))`, or called by your own listener for one path. It never
 * rejects: a mistake in the set-up goes to `console.error` and is answered with 500.
 */
export function freshness(
  guard: Pick<FreshnessGuard, 'handler'>,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return guarded(async (request, response) =>
    sendResponse(await answerOf(guard, request, toRequest), response),
  )
}

/**
 * A listener that answers what the guards throw, in `guard.require`, `guard.protect` and the others:
 * `createServer(guarded(async (request, response) => { await guard.require(toRequest(request), …); … }))`. It never rejects, because Node ends the process when a listener does:
 * any other error goes to `console.error` and is answered with 500. Where an answer has begun, the connection is cut.
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
 * Sends a `Response`, such as that of `GuardError.toResponse()`, through Node's response. Its body is held in memory
 * first. Cookies and a `Vary` that are set already are sent too; any other header of the same name is replaced.
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
