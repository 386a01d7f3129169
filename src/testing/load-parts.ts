import type { AuthClientOptions } from '../client/options.ts'

/**
 * Loads what a client with these options loads only when it is needed. Then no step of a test has to wait for a file,
 * of which nothing tells when it has come.
 */
export async function loadParts({ dpop, idTokenSignature }: AuthClientOptions): Promise<void> {
  await Promise.all([
    import('../client/step-up/step-up.ts'),
    import('../client/set-up/set-up.ts'),
    dpop === true && import('../op/dpop.ts'),
    idTokenSignature === 'browser' && import('../op/signature.ts'),
  ])
}
