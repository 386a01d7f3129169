import { type GrantedAnswer, grantHeader } from '../../core/wire.ts'
import { newRequest } from '../browser.ts'
import type { ClientContext } from '../context.ts'
import { throwIfGrantRefused } from './refused-grant.ts'
import type { AuthorizedFetch, Grant, RunningStepUp } from './step-up-types.ts'

/** A grant for the app. Without an answer nothing was asked, and its `fetch` carries none. */
export type GrantOf = (subject: RunningStepUp, granted?: GrantedAnswer) => Grant

export function createGrants(
  { browser, options, log }: ClientContext,
  authorizedFetch: AuthorizedFetch,
): GrantOf {
  return (subject, granted) => {
    const { idempotencyKey } = subject
    const action = subject.action === null ? {} : { action: subject.action }
    if (granted) log({ type: 'freshness.granted', ...action })
    return {
      expiresIn: granted?.expires_in ?? 0,
      idempotencyKey,
      fetch: async (input, init) => {
        const request = newRequest(browser.page, input, init)
        // Only the guard's own origin may see a grant.
        const isForGuard = new URL(request.url).origin === options.guardOrigin
        if (!granted || !isForGuard) return authorizedFetch(request, subject)
        const { headers, method } = request
        headers.set(grantHeader, granted.grant)
        if (!/^(GET|HEAD)$/.test(method) && !headers.has('Idempotency-Key'))
          headers.set('Idempotency-Key', idempotencyKey)
        log({ type: 'grant.used', ...action })
        return throwIfGrantRefused(await authorizedFetch(request, subject))
      },
    }
  }
}
