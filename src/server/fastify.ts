export type { FastifyApp, FastifyReply, FastifyRequest } from './frameworks/fastify.ts'
export { freshness, guardErrors, toRequest } from './frameworks/fastify.ts'
