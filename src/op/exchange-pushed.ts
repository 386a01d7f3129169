import type { OpInBrowser } from './exchange-in-window.ts'
import type { PushedRequest, PushedResponse } from './pushed-request.ts'
import { receiveResponse } from './receive-response.ts'
import type { AuthWindow } from './windows.ts'

/**
 * Sends the person to the OP for a pushed request, in a window of its own, which is closed in the end.
 *
 * @param seconds that the person may take
 * @param signal ends it with the signal's reason
 * @throws what `receiveResponse` and `readPushed` throw
 */
export async function exchangePushed(
  { op, browser }: OpInBrowser,
  window: AuthWindow,
  request: PushedRequest,
  seconds: number,
  signal: AbortSignal,
): Promise<PushedResponse> {
  try {
    const url = await op.pushedUrl(request)
    const response = receiveResponse(browser, window, [request.state], seconds, signal)
    window.navigate(url)
    const { params } = await response
    return await op.readPushed(request, params)
  } finally {
    window.close()
  }
}
