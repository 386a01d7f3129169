import { isRecord } from '../../core/claims.ts'
import { ConfigurationError } from '../../core/errors.ts'
import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'
import { answerOf, type NodeRequest, requestOf } from './node-request.ts'
import { mergeVary } from './vary.ts'

/** The part of Fastify's `FastifyRequest` (5) that is used here, so that Fastify need not be installed. */
export interface FastifyRequest {
  /** Node's own request, from which method, headers and connection are read. */
  readonly raw: NodeRequest
  /** The scheme, by the app's `trustProxy` option. */
  readonly protocol: string
  /** The request target as it arrived, as in Fastify. */
  readonly originalUrl: string
  /** What a content type parser has made of the body, or a stream of it. */
  readonly body: unknown
}

/** The part of Fastify's `FastifyReply` that is used here. */
export interface FastifyReply {
  /** Node's own response. */
  readonly raw: {
    /** Whether the answer has begun, so that no other can be sent. */
    readonly headersSent: boolean
  }
  /** As in Fastify: what is set already. */
  getHeader(name: string): number | string | string[] | undefined
  /** As in Fastify: sets the HTTP status. */
  code(status: number): unknown
  /** As in Fastify: sets a header. Of several `Set-Cookie` all are sent. */
  header(name: string, value: string): unknown
}

/** The part of a `FastifyInstance` that is used here. */
export interface FastifyApp {
  /** The path under which the plugin is registered, as in Fastify. Empty without one, which `freshness` refuses. */
  readonly prefix: string
  /** As in Fastify: from here on this plugin parses no body. */
  removeAllContentTypeParsers(): unknown
  /** As in Fastify: what reads the bodies of this content type. */
  addContentTypeParser(
    type: string,
    parser: (request: FastifyRequest, payload: unknown, done: (error: null, body: unknown) => void) => void,
  ): unknown
  /** As in Fastify: a route for every method. */
  all(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<Uint8Array>): unknown
}

type Stream = Pick<NodeRequest, 'readableDidRead' | 'resume' | 'iterator'>

/**
 * The Web-standard `Request` of a Fastify request, for the guard's functions. It is the same one each time, because a
 * DPoP proof is good for one. Its body is written again from what a parser has made of it, by its content type: as a
 * form, or else as JSON. Where no parser has read it, it is not read before the body of the `Request` is. Its host is that
 * of `Host`; `X-Forwarded-Host` is *not* used.
 *
 * Fastify itself answers a form with 415. For a back-channel logout request, register `@fastify/formbody`, or a parser
 * that leaves the body to the guard: `app.addContentTypeParser('application/x-www-form-urlencoded', (request, payload,
 * done) => done(null, payload))`.
 *
 * @throws {GuardError} `invalid_request` for a `Host`, a target or a method that no `Request` can have
 * @throws {ConfigurationError} later, when its body is read: the body was read before, and is gone
 */
export function toRequest(request: FastifyRequest): Request {
  return requestOf(messageOf(request), request.protocol, request.originalUrl, request.raw)
}

/**
 * The endpoint, as a plugin: `app.register(freshness(guard), { prefix: '/api/freshness' })`. It has no content type
 * parser, so that the guard itself limits, reads and refuses the body, whatever parsers and `bodyLimit` the app has.
 *
 * @throws {ConfigurationError} when it is registered without a prefix, and would take the app's `/`
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
 * Answers what the guards throw, in `guard.require`, `guard.protect` and the others: `app.setErrorHandler(guardErrors)`.
 * Any other error goes on to the error handler of the surrounding plugin, and at last to Fastify's own. An app that has a
 * handler of its own returns `guardErrors(error, request, reply)` for each `GuardError`.
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
