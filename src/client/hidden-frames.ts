import { AuthorizationResponseError, AuthTimeoutError, ConfigurationError } from '../core/errors.ts'
import type { AuthorizationRequest } from '../core/tokens.ts'
import type { Browser } from '../op/browser.ts'
import { FramesBlockedError, UnansweredError } from '../op/errors.ts'
import { exchangeSilently } from '../op/exchange-in-window.ts'
import { once } from '../op/once.ts'
import type { OpenIdProvider, Redeemed } from '../op/openid-provider.ts'
import type { ResolvedOptions } from './resolved-options.ts'
import type { BrowserSession } from './session/browser-session.ts'
import type { Finding, SetUpProbes } from './set-up/findings.ts'
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
  /** What keeps windows of every kind from giving an answer, as a frame has shown; null while nothing is known. */
  readonly mistake: ConfigurationError | null
}

export function createFrames(
  browser: Browser,
  op: OpenIdProvider,
  client: Pick<ResolvedOptions, 'profile' | 'callbackUrl' | 'clientId'>,
  browserSession: Pick<BrowserSession, 'status'>,
): Frames {
  const isAllowed = client.profile.iframe !== false
  const probes = createProbes(browser, op, client, browserSession)
  let answers = true
  let mistake: ConfigurationError | null = null
  return {
    isAllowed,
    get mayAnswer() {
      return isAllowed && answers
    },
    get mistake() {
      return mistake
    },
    ask: async (request, seconds, signal) => {
      const attempt = followingAbort(signal)
      const give = (finding: Finding): void => attempt.controller.abort(asError(finding))
      const watch = watchOp(browser.clock, op, error => attempt.controller.abort(error))
      const frame = watchFrame(browser, browser.openFrame(), client.callbackUrl, probes, give)
      try {
        const redeemed = await exchangeSilently(
          { op, browser },
          frame,
          request,
          seconds,
          attempt.controller.signal,
        )
        answers = true
        mistake = null
        return redeemed
      } catch (error) {
        // It is not the frame that is silent.
        if (error instanceof UnansweredError && watch.isSilent)
          throw new AuthTimeoutError('The OpenID Provider did not answer in time')
        if (error instanceof UnansweredError || error instanceof ConfigurationError) answers = false
        // A refusal is an answer too.
        if (error instanceof AuthorizationResponseError) answers = true
        const cause = error instanceof UnansweredError ? explain(error, await findFault(probes)) : error
        if (answers) mistake = null
        if (isForEveryWindow(cause)) mistake = cause
        throw cause
      } finally {
        watch.stop()
        attempt.stop()
      }
    },
  }
}

/** Each once, with code that is loaded when something is wrong. Where that fails too, nothing more is known. */
function createProbes(
  browser: Browser,
  op: OpenIdProvider,
  client: Pick<ResolvedOptions, 'callbackUrl' | 'clientId'>,
  browserSession: Pick<BrowserSession, 'status'>,
): SetUpProbes {
  return {
    callbackPage: once(async () => {
      try {
        const { probeCallbackPage } = await import('./set-up/set-up.ts')
        return await probeCallbackPage(browser, client.callbackUrl)
      } catch {
        return null
      }
    }),
    client: once(async () => {
      try {
        const { probeClient } = await import('./set-up/set-up.ts')
        // Where there has been a session, the OP has known the client, and hears no wrong code on each visit.
        return await probeClient(op, client, browserSession.status === 'none')
      } catch {
        return null
      }
    }),
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

async function findFault(probes: SetUpProbes): Promise<Finding | null> {
  return (await probes.callbackPage()) ?? probes.client()
}

function isForEveryWindow(error: unknown): error is ConfigurationError {
  return error instanceof ConfigurationError && !(error instanceof FramesBlockedError)
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
