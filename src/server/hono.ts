export type { HonoContext } from './frameworks/hono.ts'
export { freshness, guardErrors, toRequest } from './frameworks/hono.ts'
