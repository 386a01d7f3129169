import { AuthorizationResponseError } from '../core/errors.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'
import type { AuthorizationRequest } from '../core/tokens.ts'
import { UnansweredError } from '../op/errors.ts'
import { exchangeSilently } from '../op/exchange-in-window.ts'
import type { OpenIdProvider, Redeemed } from '../op/openid-provider.ts'
import { setTimer } from './browser.ts'

/**
 * Seconds without an answer after which the OP is asked whether it is there at all. A frame that cannot reach it stays
 * as silent as one that refuses to be framed.
 */
const probeAfter = 1

/** Hidden frames, as this tab has come to know them. */
export interface Frames {
  /**
   * Asks the OP without showing anything (`prompt=none`).
   *
   * @param seconds that the frame may take
   * @throws what `exchangeSilently` throws; {NetworkError}, {AuthTimeoutError} as soon as the OP is known not to answer.
   * After an `UnansweredError` of more than a second the OP has answered, but the frame has not
   */
  ask(request: AuthorizationRequest, seconds: number, signal: AbortSignal): Promise<Redeemed>
  /** Whether this OP can be asked in one at all (`iframe` of its profile). */
  readonly isAllowed: boolean
  /** Also false once the OP gave no answer in one, say with a page that refuses to be framed, until it gives one. */
  readonly mayAnswer: boolean
}

export function createFrames(op: OpenIdProvider, { iframe }: ProviderProfile): Frames {
  const isAllowed = iframe !== false
  let answers = true
  return {
    isAllowed,
    get mayAnswer() {
      return isAllowed && answers
    },
    ask: async (request, seconds, signal) => {
      const unreachable = new AbortController()
      const probing = setTimer(() => op.probe().catch(error => unreachable.abort(error)), probeAfter)
      try {
        const ended = AbortSignal.any([signal, unreachable.signal])
        const redeemed = await exchangeSilently(op, request, seconds, ended)
        answers = true
        return redeemed
      } catch (error) {
        if (error instanceof UnansweredError) answers = false
        // A refusal is an answer too.
        if (error instanceof AuthorizationResponseError) answers = true
        throw error
      } finally {
        clearTimeout(probing)
      }
    },
  }
}
