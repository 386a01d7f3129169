// What is loaded when something may be set up wrongly: one chunk.

export { probeCallbackPage } from './probe-callback-page.ts'
export { probeClient } from './probe-client.ts'
