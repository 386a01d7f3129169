import { AuthorizationResponseError } from '../core/errors.ts'
import type { AuthorizationRequest } from '../core/tokens.ts'
import { UnansweredError } from '../op/errors.ts'
import { exchangeSilently } from '../op/exchange-in-window.ts'
import type { OpenIdProvider, Redeemed } from '../op/openid-provider.ts'

/** Hidden frames, as this tab has come to know them. */
export interface Frames {
  /**
   * Asks the OP without showing anything (`prompt=none`).
   *
   * @param seconds that the frame may take
   * @throws what `exchangeSilently` throws
   */
  ask(request: AuthorizationRequest, seconds: number, signal: AbortSignal): Promise<Redeemed>
  /** False once the OP gave no answer in one, say with a page that refuses to be framed, until it gives one. */
  readonly answer: boolean
}

export function createFrames(op: OpenIdProvider): Frames {
  let answer = true
  return {
    get answer() {
      return answer
    },
    ask: async (request, seconds, signal) => {
      try {
        const redeemed = await exchangeSilently(op, request, seconds, signal)
        answer = true
        return redeemed
      } catch (error) {
        if (error instanceof UnansweredError) answer = false
        // A refusal is an answer too.
        if (error instanceof AuthorizationResponseError) answer = true
        throw error
      }
    },
  }
}
