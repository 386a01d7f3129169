import { isRecord } from '../../core/claims.ts'
import { ConfigurationError } from '../../core/errors.ts'
import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'
import { answerOf, type NodeRequest, requestOf } from './node-request.ts'
import { mergeVary } from './vary.ts'

/** The part of Fastify's `FastifyRequest` (5) that is used here, so that Fastify need not be installed. */
export interface FastifyRequest {
  /** Node's own request. Method, headers and connection are read from it. */
  readonly raw: NodeRequest
  /** The scheme, as the app's option `trustProxy` says. */
  readonly protocol: string
  /** As in Fastify: the request target as it arrived. */
  readonly originalUrl: string
  /** What a content type parser has made of the body: a value, or a stream of the body. */
  readonly body: unknown
}

/** The part of Fastify's `FastifyReply` that is used here. */
export interface FastifyReply {
  /** Node's own response. */
  readonly raw: {
    /** Whether the answer has begun. No other answer can be sent then. */
    readonly headersSent: boolean
  }
  /**
   * As in Fastify: gives a header that is set already.
   *
   * @param name the header's name
   */
  getHeader(name: string): number | string | string[] | undefined
  /**
   * As in Fastify: sets the HTTP status.
   *
   * @param status the HTTP status
   */
  code(status: number): unknown
  /**
   * As in Fastify: sets a header. If `Set-Cookie` is set several times, all of them are sent.
   *
   * @param name the header's name
   * @param value the header's value
   */
  header(name: string, value: string): unknown
}

/** The part of a `FastifyInstance` that is used here. */
export interface FastifyApp {
  /**
   * As in Fastify: the path under which the plugin is registered. It is empty without one; `freshness` refuses that.
   */
  readonly prefix: string
  /** As in Fastify: this plugin parses no body from now on. */
  removeAllContentTypeParsers(): unknown
  /**
   * As in Fastify: sets what reads the bodies of a content type.
   *
   * @param type the content type, or `*`
   * @param parser reads such a body
   */
  addContentTypeParser(
    type: string,
    parser: (request: FastifyRequest, payload: unknown, done: (error: null, body: unknown) => void) => void,
  ): unknown
  /**
   * As in Fastify: adds a route for every method.
   *
   * @param path the path of the route
   * @param handler answers the requests
   */
  all(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<Uint8Array>): unknown
}

type Stream = Pick<NodeRequest, 'readableDidRead' | 'resume' | 'iterator'>

/**
 * Makes the Web-standard `Request` of a Fastify request, for the functions of the guards. A DPoP proof is good for one
 * `Request`, so each call gives the same one. The host is that of `Host`; `X-Forwarded-Host` is *not* used.
 *
 * If a parser has read the body, it is written again from what the parser has made: as a form if the content type says
 * so, else as JSON. If no parser has read it, it is read when the body of the `Request` is read, not before.
 *
 * Fastify itself answers a form with a 415. For back-channel logout requests, register `@fastify/formbody`, or a parser
 * that leaves the body to the guard: `app.addContentTypeParser('application/x-www-form-urlencoded', (request, payload,
 * done) => done(null, payload))`.
 *
 * @param request the request of your handler
 * @throws {GuardError} a `GuardError`, `invalid_request`, for a `Host`, a target or a method that no `Request` can have
 * @throws {ConfigurationError} a `ConfigurationError`, later, when the body of the `Request` is read: it was read
 * before, and is gone
 */
export function toRequest(request: FastifyRequest): Request {
  return requestOf(messageOf(request), request.protocol, request.originalUrl, request.raw)
}

/**
 * Makes the freshness endpoint, as a plugin: `app.register(freshness(guard), { prefix: '/api/freshness' })`. The plugin
 * has no content type parser. So the guard itself limits, reads and refuses the body, whatever parsers and `bodyLimit`
 * the app has.
 *
 * @param guard a freshness guard
 * @returns the plugin
 * @throws {ConfigurationError} a `ConfigurationError`, when it is registered without a prefix, because it would take
 * the app's `/`
 */
export function freshness(guard: Pick<FreshnessGuard, 'handler'>): (app: FastifyApp) => Promise<void> {
  return async app => {
    if (app.prefix === '')
      throw new ConfigurationError(
        'The freshness endpoint needs a path: app.register(freshness(guard), { prefix: "/api/freshness" })',
      )
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    app.all('/', async (request, reply) => {
      const answer = await answerOf(guard, messageOf(request), () => toRequest(request))
      return prepare(answer, reply)
    })
  }
}

/**
 * An error handler that answers what the guards throw, in `guard.require`, `guard.protect` and the others:
 * `app.setErrorHandler(guardErrors)`. It throws any other error on, to the error handler of the surrounding plugin, and
 * at last to Fastify's own. If your app has an error handler of its own, return `guardErrors(error, request, reply)`
 * from it for each `GuardError`.
 *
 * @param error what was thrown
 * @param _request not used
 * @param reply gets the status and the headers of the answer
 * @returns the body of the answer
 */
export async function guardErrors(
  error: unknown,
  _request: FastifyRequest,
  reply: FastifyReply,
): Promise<Uint8Array> {
  // An answer that has begun cannot be replaced: Fastify then ends the connection.
  if (!(error instanceof GuardError) || reply.raw.headersSent) throw error
  return prepare(error.toResponse(), reply)
}

/**
 * Writes status and headers into the reply. Fastify takes a `Response` as well, but it would show the app's `onSend` hooks
 * neither, and keep only one `Vary`.
 *
 * @returns the body to send
 */
async function prepare(answer: Response, reply: FastifyReply): Promise<Uint8Array> {
  reply.code(answer.status)
  for (const [name, value] of answer.headers) {
    reply.header(name, name === 'vary' ? mergeVary(reply.getHeader(name), value) : value)
  }
  return new Uint8Array(await answer.arrayBuffer())
}

/** The body is looked for only when it is needed: Fastify parses it later than its first hooks run. */
function messageOf(request: FastifyRequest): NodeRequest {
  const { raw } = request
  const stream = (): Stream => (isStream(request.body) ? request.body : raw)
  return {
    method: raw.method,
    headers: raw.headers,
    socket: raw.socket,
    get body() {
      return isStream(request.body) ? undefined : request.body
    },
    get readableDidRead() {
      return stream().readableDidRead
    },
    resume: () => stream().resume(),
    iterator: options => stream().iterator(options),
  }
}

/** A JSON text can have members of these names, but no functions. */
function isStream(body: unknown): body is Stream {
  return isRecord(body) && typeof body.iterator === 'function' && typeof body.resume === 'function'
}
