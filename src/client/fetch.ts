import { grantHeader } from '../core/wire.ts'
import type { OpenIdProvider } from '../op/openid-provider.ts'
import type { ResolvedOptions } from './options.ts'
import type { Renewal } from './session/renewal.ts'
import type { Vault } from './session/vault.ts'
import type { About, StepUps } from './step-up/step-up.ts'

/** Sends the same request again, with the session's access token or with another, and with a grant if there is one. */
export type Send = (extra?: { readonly accessToken?: string; readonly grant?: string }) => Promise<Response>

export type UnlessAborted = typeof unlessAborted

/** `client.fetch`, told what the request belongs to. */
export type AuthorizedFetch = (request: Request, about?: About) => Promise<Response>

/**
 * `fetch` with the access token, for `api.origins` and for no other. A request with a token or a grant follows no
 * redirect: what it carries besides `Authorization` would go along to any origin. Requests to the freshness endpoint's
 * origin always take its cookies along, and keep those that they are given. An answer that says the token is no longer
 * good (RFC 6750 §3.1 `invalid_token`) is asked for once more with a new one; one that wants a fresher or stronger
 * login (RFC 9470 §3) once more after a step-up.
 */
export function createFetch(
  options: ResolvedOptions,
  op: OpenIdProvider,
  vault: Vault,
  person: () => AbortSignal,
  renewal: Pick<Renewal, 'ensure' | 'renew'>,
  stepUp: StepUps['answer'],
): AuthorizedFetch {
  return async (request, about) => {
    const { origin } = new URL(request.url)
    const isApis = options.apiOrigins.includes(origin)
    // A challenge counts only beside the cookie that came with it.
    const cookies = origin === options.guardOrigin ? ({ credentials: 'include' } as const) : {}
    if (isApis) person().throwIfAborted()
    if (!vault.current || !isApis) {
      if (!request.headers.has(grantHeader)) return fetch(new Request(request, cookies))
      // A grant may be bound to the key that a proof is made with.
      return op.call(new Request(request, { redirect: 'error', ...cookies }), null)
    }
    // Nothing that was asked for one person is answered to the next.
    const signal = AbortSignal.any([request.signal, person()])
    const send: Send = async ({ accessToken, grant } = {}) => {
      const token = accessToken ?? (await unlessAborted(signal, renewal.ensure(10))).accessToken
      const authorized = new Request(request.clone(), {
        redirect: 'error',
        signal,
        ...cookies,
      })
      if (grant !== undefined) authorized.headers.set(grantHeader, grant)
      return op.call(authorized, token)
    }
    const response = await send()
    if (response.status !== 401) return response
    const { answerRefusal } = await import('./refused.ts')
    return answerRefusal(response, send, signal, unlessAborted, renewal.renew, refused =>
      stepUp(request, refused, send, about),
    )
  }
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
