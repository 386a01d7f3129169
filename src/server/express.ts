export type { ExpressRequest, ExpressResponse } from './frameworks/express.ts'
export { asyncHandler, freshness, guardErrors, toRequest } from './frameworks/express.ts'
