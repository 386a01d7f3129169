export type { NodeRequest, NodeResponse } from './frameworks/node.ts'
export { freshness, sendResponse, toRequest } from './frameworks/node.ts'
