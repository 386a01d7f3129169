import type { StepUpClientOptions } from 'afresh/server'
import { exportJWK, generateKeyPair } from 'jose'
import type { RegisteredStepUpClient } from './op/step-up-client.ts'

/** The client that the bank's backend has at the OP, as each of the two knows it. */
export interface StepUpClient {
  readonly atOp: RegisteredStepUpClient
  readonly atBank: StepUpClientOptions
}

const clientId = 'bank-step-up'

/**
 * Makes the client, with a new key. A real one is registered once, and its private key is kept as other secrets are.
 *
 * @param app the app's origin, whose callback page both clients share
 */
export async function createStepUpClient(app: string): Promise<StepUpClient> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return {
    atOp: { clientId, publicKey: await exportJWK(publicKey) },
    atBank: {
      clientId,
      redirectUri: `${app}/auth/callback.html`,
      pushed: 'required',
      authentication: { method: 'private_key_jwt', key: privateKey },
    },
  }
}
