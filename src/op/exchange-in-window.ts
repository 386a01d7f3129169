import { defined } from '../core/defined.ts'
import type { AuthorizationRequest, Transaction } from '../core/tokens.ts'
import type { Browser } from './browser.ts'
import type { OpenIdProvider, Redeemed } from './openid-provider-types.ts'
import { receiveResponse } from './receive-response.ts'
import type { AuthWindow } from './windows.ts'

/** Seconds that a person may take in a popup: as long as a challenge lives. */
export const popupTimeLimit = 600

/** The OP, and the browser that asks it. */
export interface OpInBrowser {
  readonly op: OpenIdProvider
  readonly browser: Browser
}

/** Requests whose window closed without an answer, the newest first. */
const unanswered = new WeakMap<OpenIdProvider, readonly Transaction[]>()
const unansweredLimit = 8

/**
 * Sends one authorization request in a window of its own, and redeems the answer for checked tokens. The window is
 * closed in the end, whatever happens.
 *
 * The answer may be to an earlier request, whose window closed without one: some OPs remember the first request, and go
 * on with it at the next login. It counts as the answer to this request. It is held to what is asked for now, and only
 * its nonce, its verifier and the API that its code is for are the earlier request's.
 *
 * @param seconds that the person may take
 * @param signal ends it with the signal's reason
 * @throws {UnansweredError} when the window gave no answer in time; {AuthorizationResponseError} `state_mismatch` when
 * it came back with an answer to no request of ours
 */
export async function exchange(
  { op, browser }: OpInBrowser,
  window: AuthWindow,
  request: AuthorizationRequest,
  seconds: number,
  signal: AbortSignal,
): Promise<Redeemed> {
  let open: readonly Transaction[] = []
  try {
    const transaction = await op.begin(request)
    open = [transaction, ...(unanswered.get(op) ?? [])]
    // Or two windows would wait for the same answer.
    unanswered.delete(op)
    const response = receiveResponse(
      browser,
      window,
      open.map(({ state }) => state),
      seconds,
      signal,
    )
    window.navigate(transaction.url)
    const { state, params } = await response
    const { nonce, codeVerifier, target } = open.find(one => one.state === state) ?? transaction
    open = []
    window.close()
    const { target: _, ...asked } = transaction
    return await op.redeem({ ...asked, ...defined({ target }), state, nonce, codeVerifier }, params)
  } finally {
    window.close()
    if (open.length > 0)
      unanswered.set(op, [...open, ...(unanswered.get(op) ?? [])].slice(0, unansweredLimit))
  }
}

/**
 * Asks the OP without showing anything (`prompt=none`).
 *
 * @param frame a hidden one
 * @throws {InteractionRequiredError} when the OP would have to ask the person
 * @see OpenID Connect Core 1.0 §3.1.2.1
 */
export function exchangeSilently(
  where: OpInBrowser,
  frame: AuthWindow,
  request: AuthorizationRequest,
  seconds: number,
  signal: AbortSignal,
): Promise<Redeemed> {
  return exchange(where, frame, { ...request, prompt: 'none' }, seconds, signal)
}
