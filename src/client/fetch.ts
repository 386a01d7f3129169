import type { ApiTarget } from '../core/api-target.ts'
import { ConfigurationError } from '../core/errors.ts'
import { accessTokenFor } from '../core/tokens.ts'
import { grantHeader } from '../core/wire.ts'
import { parseAuthenticate } from '../core/www-authenticate.ts'
import { anySignal, unlessAborted } from './any-signal.ts'
import { apiAt, targetOf } from './api-targets.ts'
import type { ClientContext } from './context.ts'
import { failureOf } from './failure.ts'
import { isDeclined } from './is-declined.ts'
import type { ResolvedApi } from './resolved-options.ts'
import type { Renewal } from './session/renewal.ts'
import type { Restore } from './session/restore-session.ts'
import type { AnswerChallenge, AuthorizedFetch, RunningStepUp, Send } from './step-up/step-up-types.ts'
import { widerTarget } from './wider-scope.ts'

/** Seconds that a token must still be good for, so that it does not expire on the way to the API. */
const requestTime = 10

/**
 * `fetch` with the access token that the request's origin has in `api`, and with none for any other origin. A request
 * with a token or a grant follows no redirect: what it carries besides `Authorization` would go along to any origin.
 * Requests to the freshness endpoint's origin always take its cookies along, and keep those that they are given. What an
 * API's answer asks for is done once, and the request sent once more: see `sendToApi`.
 */
export function createFetch(
  context: ClientContext,
  renewal: Pick<Renewal, 'ensure' | 'renewOrAsk'>,
  { beforeSending }: Pick<Restore, 'beforeSending'>,
  answerChallenge: AnswerChallenge,
): AuthorizedFetch {
  const { browser, options, op, vault, sessionSignal } = context
  const declined = new Set<string>()
  return async (request, subject) => {
    const isAsked = browser.page.isBeingUsed
    const { origin } = new URL(request.url)
    const api = apiAt(options, origin)
    // The guard's challenge is bound to a cookie.
    const cookies = origin === options.guardOrigin ? ({ credentials: 'include' } as const) : {}
    if (api) {
      await unlessAborted(request.signal, beforeSending())
      sessionSignal.throwIfUndecided()
    }
    if (!vault.current || !api) {
      if (!request.headers.has(grantHeader)) return browser.fetch(new Request(request, cookies))
      // A grant may be bound to the key that a proof is made with.
      return op.call(new Request(request, { redirect: 'error', ...cookies }), null)
    }
    // Nothing that was asked for one person is answered to the next.
    const following = anySignal(request.signal, sessionSignal.current)
    const { signal } = following
    const sendWith: SendWith = (token, grant) => {
      const authorized = new Request(request.clone(), { redirect: 'error', signal, ...cookies })
      if (grant !== undefined) authorized.headers.set(grantHeader, grant)
      return op.call(authorized, token)
    }
    try {
      const call: ApiCall = { request, signal, api, subject, sendWith, isAsked, declined }
      const response = await sendToApi(context, renewal, answerChallenge, call)
      // Its body may still be on the way.
      following.releaseWith(response.body ?? response)
      return response
    } catch (error) {
      following.release()
      throw error
    }
  }
}

type SendWith = (accessToken: string, grant?: string) => Promise<Response>

/** A request to an API for the session's person. */
interface ApiCall {
  readonly request: Request
  /** The request's, and the person's. */
  readonly signal: AbortSignal
  readonly api: ResolvedApi
  readonly subject: RunningStepUp | undefined
  readonly sendWith: SendWith
  /** Whether it is sent for what the person has just done. */
  readonly isAsked: boolean
  /** APIs and persons: who has declined a scope that an API wanted. An app that polls must not ask again and again. */
  readonly declined: Set<string>
}

/**
 * Sends a request with the API's access token. An answer that says the token is no longer good (`invalid_token`) is asked
 * for once more with a new one, for which the person may have to sign in again: the API may know of the session's end
 * before this page does. One that names a scope which the token lacks (`insufficient_scope`) is asked for once more with
 * that scope too, if it is to be had; one that wants a fresher or stronger login once more after a step-up.
 *
 * @see RFC 6750 §3.1, RFC 9470 §3
 */
async function sendToApi(
  { options, vault, log }: ClientContext,
  { ensure, renewOrAsk }: Pick<Renewal, 'ensure' | 'renewOrAsk'>,
  answerChallenge: AnswerChallenge,
  { request, signal, api, subject, sendWith, isAsked, declined }: ApiCall,
): Promise<Response> {
  let target: ApiTarget | null = targetOf(options, api)
  let used = ''
  const send: Send = async ({ accessToken, grant } = {}) => {
    used = accessToken ?? (await unlessAborted(signal, ensure(requestTime, target, isAsked))).accessToken
    return sendWith(used, grant)
  }
  const succeeds = (work: Promise<unknown>): Promise<boolean> =>
    unlessAborted(
      signal,
      work.then(
        () => true,
        () => false,
      ),
    )
  const { iss, sub } = vault.current?.account ?? {}
  const asker = JSON.stringify([api.origin, iss, sub])
  const mayAsk = (): boolean => isAsked || !declined.has(asker)
  const noteDeclined = (error: unknown): never => {
    if (isDeclined(error)) declined.add(asker)
    throw error
  }
  let response = await send()
  if (isRefusedFor(response, ['invalid_token'])) {
    // Another request may have renewed it meanwhile.
    const current = accessTokenFor(vault.current, target)
    const isReplaced = current !== null && current.accessToken !== used
    if (isReplaced || (await succeeds(renewOrAsk(target, isAsked)))) response = await send()
  }
  const wider = widerTarget(options, api, target, response)
  if (wider && mayAsk()) {
    const work = ensure(requestTime, wider, isAsked).catch(error => {
      if (error instanceof ConfigurationError)
        log({ type: 'renewal.failed', isFinal: true, ...failureOf(error) })
      return noteDeclined(error)
    })
    if (await succeeds(work)) {
      target = wider
      response = await send()
    }
  }
  return isRefusedFor(response, ['insufficient_user_authentication', 'insufficient_claims'])
    ? answerChallenge(request, response, send, target, subject)
    : response
}

/** Whether a 401 gives one of these reasons. @see RFC 6750 §3.1, RFC 9470 §3 */
function isRefusedFor(response: Response, errors: readonly string[]): boolean {
  if (response.status !== 401) return false
  const challenges = parseAuthenticate(response.headers.get('WWW-Authenticate') ?? '')
  return challenges.some(({ parameters: { error } }) => error !== undefined && errors.includes(error))
}
