export type { NodeRequest, NodeResponse } from './frameworks/node.ts'
export { freshness, guarded, sendResponse, toRequest } from './frameworks/node.ts'
