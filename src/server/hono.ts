export type { HonoContext } from './frameworks/hono.ts'
export { freshness, guardErrors } from './frameworks/hono.ts'
