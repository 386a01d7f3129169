import { AuthorizationResponseError, AuthTimeoutError, ConfigurationError } from '../core/errors.ts'
import type { AuthorizationRequest } from '../core/tokens.ts'
import type { Browser } from '../op/browser.ts'
import { FramesBlockedError, UnansweredError } from '../op/errors.ts'
import { exchangeSilently } from '../op/exchange-in-window.ts'
import { once } from '../op/once.ts'
import type { OpenIdProvider, Redeemed } from '../op/openid-provider.ts'
import type { ResolvedOptions } from './resolved-options.ts'
import type { Finding } from './set-up/findings.ts'
import { watchFrame } from './set-up/watch-frame.ts'
import { watchOp } from './watch-op.ts'

/** Hidden frames, as this tab has come to know them. */
export interface Frames {
  /**
   * Asks the OP without showing anything (`prompt=none`).
   *
   * @param seconds that the frame may take
   * @throws what `exchangeSilently` throws; {FramesBlockedError} {ConfigurationError} when there can be no answer as the
   * app is set up, and {NetworkError} {AuthTimeoutError} when the OP is not there, as a rule long before the time is
   * over. After an `UnansweredError` of more than a second the OP is there, but the frame is silent
   */
  ask(request: AuthorizationRequest, seconds: number, signal: AbortSignal): Promise<Redeemed>
  /** Whether this OP can be asked in one at all (`iframe` of its profile). */
  readonly isAllowed: boolean
  /** Also false once there was no answer in one, say from an OP that refuses to be framed, until there is one. */
  readonly mayAnswer: boolean
}

export function createFrames(
  browser: Browser,
  op: OpenIdProvider,
  { profile, callbackUrl }: Pick<ResolvedOptions, 'profile' | 'callbackUrl'>,
): Frames {
  const isAllowed = profile.iframe !== false
  // Loaded when something is wrong. Where that fails too, nothing more is known.
  const probe = once(async () => {
    try {
      const { probeCallbackPage } = await import('./set-up/probe-callback-page.ts')
      return await probeCallbackPage(browser, callbackUrl)
    } catch {
      return null
    }
  })
  let answers = true
  return {
    isAllowed,
    get mayAnswer() {
      return isAllowed && answers
    },
    ask: async (request, seconds, signal) => {
      const attempt = followingAbort(signal)
      const give = (finding: Finding): void => attempt.controller.abort(asError(finding))
      const watch = watchOp(browser.clock, op, error => attempt.controller.abort(error))
      const frame = watchFrame(browser, browser.openFrame(), callbackUrl, probe, give)
      try {
        const redeemed = await exchangeSilently(
          { op, browser },
          frame,
          request,
          seconds,
          attempt.controller.signal,
        )
        answers = true
        return redeemed
      } catch (error) {
        // It is not the frame that is silent.
        if (error instanceof UnansweredError && watch.isSilent)
          throw new AuthTimeoutError('The OpenID Provider did not answer in time')
        if (error instanceof UnansweredError || error instanceof ConfigurationError) answers = false
        // A refusal is an answer too.
        if (error instanceof AuthorizationResponseError) answers = true
        throw error instanceof UnansweredError ? explain(error, await probe()) : error
      } finally {
        watch.stop()
        attempt.stop()
      }
    },
  }
}

/** A controller that is aborted with the signal too. `stop` when it is needed no more: the signal may live on. */
function followingAbort(signal: AbortSignal): { controller: AbortController; stop: () => void } {
  const controller = new AbortController()
  const follow = (): void => controller.abort(signal.reason)
  if (signal.aborted) follow()
  signal.addEventListener('abort', follow)
  return { controller, stop: () => signal.removeEventListener('abort', follow) }
}

/** What waiting cannot mend is a mistake of set-up; what is only likely stays a time-out. */
function explain(error: UnansweredError, finding: Finding | null): Error {
  if (!finding) return error
  return finding.fault === 'likely'
    ? new UnansweredError(`${error.message}. ${finding.what}`)
    : asError(finding)
}

function asError({ what, fault }: Finding): ConfigurationError {
  return fault === 'frame' ? new FramesBlockedError(what) : new ConfigurationError(what)
}
