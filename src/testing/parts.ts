/**
 * What a client loads only when it is needed. With a test client it is loaded with the kit, so that no step of a test has
 * to wait for a file, of which nothing tells when it has come.
 */
export const parts: Promise<unknown> = Promise.all([
  import('../client/step-up/step-up.ts'),
  import('../client/set-up/set-up.ts'),
  import('../op/dpop.ts'),
  import('../op/signature.ts'),
])
