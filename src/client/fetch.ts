import { parseAuthenticate } from '../core/challenge.ts'
import { grantHeader } from '../core/wire.ts'
import type { OpenIdProvider } from '../op/openid-provider.ts'
import type { ResolvedOptions } from './options.ts'
import type { Renewal } from './renewal.ts'
import type { Vault } from './vault.ts'

/**
 * `fetch` with the access token, for `api.origins` and for no other. A request with a token follows no redirect: what
 * it carries besides `Authorization` would go along to any origin. An answer that says the token is no longer good
 * (RFC 6750 §3.1 `invalid_token`) is asked for once more with a new one.
 */
export function createFetch(
  options: ResolvedOptions,
  op: OpenIdProvider,
  vault: Vault,
  renewal: Pick<Renewal, 'ensure' | 'renew'>,
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    if (!vault.current || !options.apiOrigins.includes(new URL(request.url).origin)) {
      // A grant may be bound to the key that a proof is made with.
      return request.headers.has(grantHeader) ? op.call(request, null) : fetch(request)
    }
    const send = async (): Promise<Response> => {
      const { accessToken } = await unlessAborted(request.signal, renewal.ensure(10))
      const authorized = new Request(request.clone(), { redirect: 'error' })
      return op.call(authorized, accessToken)
    }
    const response = await send()
    const challenges =
      response.status === 401 ? parseAuthenticate(response.headers.get('WWW-Authenticate') ?? '') : []
    if (!challenges.some(({ parameters }) => parameters.error === 'invalid_token')) return response
    const renewed = renewal.renew().then(
      () => true,
      () => false,
    )
    return (await unlessAborted(request.signal, renewed)) ? send() : response
  }
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}
