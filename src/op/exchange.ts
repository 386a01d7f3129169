import type { AuthorizationRequest, Transaction } from '../core/tokens.ts'
import type { OpenIdProvider, Redeemed } from './contract.ts'
import { type AuthWindow, openFrame, receiveResponse } from './windows.ts'

/** How long a person may take in a popup, in seconds: as long as a challenge lives. */
export const popupTimeLimit = 600

/** Requests that were left without an answer, at most the last of them, newest first. */
const unanswered = new WeakMap<OpenIdProvider, readonly Transaction[]>()
const atMost = 8

/**
 * One authorization request in a window of its own, from the question to checked tokens.
 *
 * What comes back may answer a request that an earlier window was left with: some OPs remember the first one, and go on
 * with it at the next login, whatever that was for. It answers this question as well, being held to what is asked now;
 * only the nonce is the earlier one's.
 */
export async function exchange(
  op: OpenIdProvider,
  window: AuthWindow,
  request: AuthorizationRequest,
  seconds: number,
  signal: AbortSignal,
): Promise<Redeemed> {
  let open: readonly Transaction[] = []
  try {
    const transaction = await op.begin(request)
    open = [transaction, ...(unanswered.get(op) ?? [])]
    // No other window is to take the same answer.
    unanswered.delete(op)
    const response = receiveResponse(
      open.map(({ state }) => state),
      seconds,
      signal,
    )
    window.navigate(transaction.url)
    const { state, params } = await response
    const { nonce, codeVerifier } = open.find(one => one.state === state) ?? transaction
    open = []
    window.close()
    return await op.redeem({ ...transaction, state, nonce, codeVerifier }, params)
  } finally {
    window.close()
    if (open.length > 0) unanswered.set(op, [...open, ...(unanswered.get(op) ?? [])].slice(0, atMost))
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
