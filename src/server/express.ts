export type { ExpressRequest, ExpressResponse } from './frameworks/express.ts'
export { freshness, guardErrors, toRequest } from './frameworks/express.ts'
