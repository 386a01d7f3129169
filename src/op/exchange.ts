import type { AuthorizationRequest } from '../core/ports.ts'
import type { OpenIdProvider, Redeemed } from './openid-provider.ts'
import { type AuthWindow, openFrame, receiveResponse } from './windows.ts'

/** How long a person may take in a popup, in seconds: as long as a challenge lives. */
export const patience = 600

/** One authorization request in a window of its own, from the question to checked tokens. */
export async function exchange(
  op: OpenIdProvider,
  window: AuthWindow,
  request: AuthorizationRequest,
  seconds: number,
  signal: AbortSignal,
): Promise<Redeemed> {
  try {
    const transaction = await op.begin(request)
    const response = receiveResponse(transaction.state, seconds, signal)
    window.navigate(transaction.url)
    const params = await response
    window.close()
    return await op.redeem(transaction, params)
  } finally {
    window.close()
  }
}

/**
 * Asks the OP without showing anything (`prompt=none` in a hidden frame).
 *
 * @throws {InteractionRequiredError} when the OP would have to ask the person
 * @see OpenID Connect Core 1.0 §3.1.2.1
 */
export function exchangeSilently(
  op: OpenIdProvider,
  request: AuthorizationRequest,
  seconds: number,
  signal: AbortSignal,
): Promise<Redeemed> {
  return exchange(op, openFrame(), { ...request, prompt: 'none' }, seconds, signal)
}
