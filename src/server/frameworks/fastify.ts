import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'
import { answerOf, type NodeRequest, requestOf } from './node-request.ts'

/** The part of Fastify's `FastifyRequest` that is used here, so that Fastify need not be installed. */
export interface FastifyRequest {
  readonly raw: NodeRequest
  /** The scheme, by the app's `trustProxy` option. */
  readonly protocol: string
  readonly originalUrl: string
}

/** The part of Fastify's `FastifyReply` that is used here. */
export interface FastifyReply {
  send(payload: unknown): unknown
}

/** The Web-standard `Request` of a Fastify request, for the guard's functions. */
export function toRequest({ raw, protocol, originalUrl }: FastifyRequest): Request {
  return requestOf(raw, protocol, originalUrl)
}

/** The endpoint: `app.all('/api/freshness', freshness(guard))`. */
export function freshness(
  guard: Pick<FreshnessGuard, 'handler'>,
): (request: FastifyRequest) => Promise<Response> {
  return request => answerOf(guard, request.raw, () => toRequest(request))
}

/** Answers what the guard throws: `app.setErrorHandler(guardErrors)`. Any other error is answered as Fastify does. */
export function guardErrors(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  reply.send(error instanceof GuardError ? error.toResponse() : error)
}
