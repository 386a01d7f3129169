import { grantHeader } from '../core/wire.ts'
import { parseAuthenticate } from '../core/www-authenticate.ts'
import { anySignal } from './any-signal.ts'
import type { ClientContext } from './context.ts'
import type { Renewal } from './session/renewal.ts'
import type { Restore } from './session/restore-session.ts'
import type { AnswerChallenge, AuthorizedFetch, Send } from './step-up/step-up-types.ts'

/** Seconds that a token must still be good for, so that it does not expire on the way to the API. */
const requestTime = 10

/**
 * `fetch` with the access token, for `api.origins` and for no other. A request with a token or a grant follows no
 * redirect: what it carries besides `Authorization` would go along to any origin. Requests to the freshness endpoint's
 * origin always take its cookies along, and keep those that they are given. An answer that says the token is no longer
 * good (RFC 6750 §3.1 `invalid_token`) is asked for once more with a new one; one that wants a fresher or stronger
 * login (RFC 9470 §3) once more after a step-up.
 */
export function createFetch(
  { options, op, vault, sessionSignal }: ClientContext,
  { ensure, renew }: Pick<Renewal, 'ensure' | 'renew'>,
  { beforeSending }: Pick<Restore, 'beforeSending'>,
  answerChallenge: AnswerChallenge,
): AuthorizedFetch {
  return async (request, subject) => {
    const { origin } = new URL(request.url)
    const isApiOrigin = options.apis.some(api => api.origin === origin)
    // The guard's challenge is bound to a cookie.
    const cookies = origin === options.guardOrigin ? ({ credentials: 'include' } as const) : {}
    if (isApiOrigin) {
      await unlessAborted(request.signal, beforeSending())
      sessionSignal.throwIfUndecided()
    }
    if (!vault.current || !isApiOrigin) {
      if (!request.headers.has(grantHeader)) return fetch(new Request(request, cookies))
      // A grant may be bound to the key that a proof is made with.
      return op.call(new Request(request, { redirect: 'error', ...cookies }), null)
    }
    // Nothing that was asked for one person is answered to the next.
    const following = anySignal(request.signal, sessionSignal.current)
    const { signal } = following
    const send: Send = async ({ accessToken, grant } = {}) => {
      const token = accessToken ?? (await unlessAborted(signal, ensure(requestTime))).accessToken
      const authorized = new Request(request.clone(), { redirect: 'error', signal, ...cookies })
      if (grant !== undefined) authorized.headers.set(grantHeader, grant)
      return op.call(authorized, token)
    }
    const exchange = async (): Promise<Response> => {
      let response = await send()
      if (isRefusedFor(response, 'invalid_token')) {
        const renewed = renew().then(
          () => true,
          () => false,
        )
        if (await unlessAborted(signal, renewed)) response = await send()
      }
      return isRefusedFor(response, 'insufficient_user_authentication')
        ? answerChallenge(request, response, send, subject)
        : response
    }
    try {
      const response = await exchange()
      // Its body may still be on the way.
      following.releaseWith(response.body ?? response)
      return response
    } catch (error) {
      following.release()
      throw error
    }
  }
}

/** Whether a 401 gives this reason. @see RFC 6750 §3.1, RFC 9470 §3 */
function isRefusedFor(response: Response, error: string): boolean {
  if (response.status !== 401) return false
  const challenges = parseAuthenticate(response.headers.get('WWW-Authenticate') ?? '')
  return challenges.some(({ parameters }) => parameters.error === error)
}

/** The work's outcome, or the signal's reason as soon as it is aborted. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const settled = new AbortController()
  return new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { signal: settled.signal })
    work.then(resolve, reject)
  }).finally(() => settled.abort())
}
