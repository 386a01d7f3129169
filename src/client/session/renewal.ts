import { isSameAccount } from '../../core/account.ts'
import { defined } from '../../core/defined.ts'
import {
  AccountMismatchError,
  type AuthError,
  AuthorizationResponseError,
  AuthTimeoutError,
  InteractionRequiredError,
  NetworkError,
} from '../../core/errors.ts'
import type { TokenSet } from '../../core/tokens.ts'
import { asAuthError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import type { Interactions } from '../interactions.ts'
import { isNews, lasts } from './vault.ts'

export interface Renewal {
  /** Renews now; one at a time in this browser, one outcome for everybody who waits. @throws {AuthError} */
  renew(): Promise<void>
  /** Waits until the token is good for that many seconds more, whatever it takes. @throws {AuthError} */
  ensure(minValidity: number): Promise<TokenSet>
  /** Renews before expiry and on wake, until the returned function is called. */
  keep(): () => void
}

/** Seconds between tries when there is no answer: doubled each time, up to the last. */
const [firstPause, longestPause] = [2, 60]

/** Keeps the session alive. Nothing of it signs anybody out. */
export function createRenewal(context: ClientContext, interactions: Pick<Interactions, 'start'>): Renewal {
  const { options, op, frames, vault, machine, tabs, now, disposed } = context
  const { dispatch, store } = machine
  let underWay: Promise<void> | null = null
  let askingBack: Promise<unknown> | null = null
  let failures = 0

  /** What the refresh token gives, or else what the OP says in a hidden frame. */
  const obtain = async (old: TokenSet): Promise<TokenSet> => {
    let failure: AuthError = new InteractionRequiredError('login_required')
    for (const via of options.renewal.via) {
      if (via === 'refresh' ? !old.refreshToken : options.profile.iframe === false) continue
      try {
        if (via === 'refresh') return await op.refresh(old)
        const request = { idTokenHint: old.idToken }
        return (await frames.ask(request, options.timeLimit, disposed)).tokens
      } catch (cause) {
        failure = asAuthError(cause)
        // No answer is none in a frame either; a refusal may be only the refresh token's.
        if (failure instanceof NetworkError || failure instanceof AuthTimeoutError) break
      }
    }
    throw failure
  }

  const renewOnce = async (): Promise<void> => {
    const old = vault.current
    if (!old) throw new InteractionRequiredError('login_required')
    try {
      const tokens = await tabs.exclusively(async () => {
        // Another tab may have been first, and its news may have come or be on their way.
        if (vault.current !== old) return old
        const newer = await tabs.ask(tokens => isNews(tokens, old))
        // Over by now: what would come for the refresh token would be nobody's.
        if (newer || vault.current !== old) return newer ?? old
        return obtain(old)
      })
      // Signed out, or signed in anew, while the OP was thinking.
      if (vault.current !== old) return
      const id = crypto.randomUUID()
      const signedIn = vault.put(id, tokens)
      if (!isSameAccount(old.account, tokens.account)) {
        dispatch({ type: 'session.mismatched', id, expected: old.account, signedIn })
        throw new AccountMismatchError('The OpenID Provider renewed the session of somebody else')
      }
      failures = 0
      dispatch({ type: 'session.renewed', id, signedIn })
    } catch (cause) {
      const error = asAuthError(cause)
      if (vault.current === old) {
        failures++
        dispatch({ type: 'renewal.failed', error, final: isFinal(error) })
      }
      throw error
    }
  }

  const renew = (): Promise<void> => {
    underWay ??= renewOnce().finally(() => {
      underWay = null
    })
    return underWay
  }

  /** Asks the person, who has to sign in again or to consent; everybody who waits for a token waits for that. */
  const askBack = (why: unknown): Promise<unknown> => {
    const { session } = store.getState()
    if (session.status !== 'authenticated')
      return Promise.reject(new InteractionRequiredError('login_required'))
    const { account } = session
    const loginHint = account.username ?? account.email
    const consents = why instanceof InteractionRequiredError && why.error === 'consent_required'
    askingBack ??= interactions
      .start({
        kind: consents ? 'consent_required' : 'session_ended',
        action: '',
        expected: account,
        request: async () => {
          const values = consents ? await op.promptValues() : []
          const asks = consents && values?.includes('consent') !== false
          return defined({ loginHint, prompt: asks ? 'consent' : undefined })
        },
        returnTo: location.href,
        purpose: { kind: 'sign_in' },
      })
      .finally(() => {
        askingBack = null
      })
    return askingBack
  }

  // Each tab a moment of its own before expiry, so that they do not all wait for one lock; half of a short life.
  let lead = 0
  let measured: TokenSet | null = null
  const secondsLeft = (): number => {
    const { current } = vault
    if (current?.accessTokenExpiresAt == null) return Number.POSITIVE_INFINITY
    const left = current.accessTokenExpiresAt - now()
    if (measured !== current) lead = Math.min(30 + Math.random() * 30, left / 2)
    measured = current
    return left - lead
  }

  return {
    renew,

    ensure: async minValidity => {
      if (!lasts(vault.current, minValidity, now())) {
        await renew().catch(async error => {
          if (isFinal(error)) await askBack(error)
          // What is still good is better than nothing.
          else if (!lasts(vault.current, 0, now())) throw error
        })
      }
      if (!lasts(vault.current, 0, now())) throw new InteractionRequiredError('login_required')
      return vault.current
    },

    keep: () => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const check = (): void => {
        clearTimeout(timer)
        const { session } = store.getState()
        const left = secondsLeft()
        if (session.status !== 'authenticated' || session.renewal.status === 'ended') return
        if (left === Number.POSITIVE_INFINITY) return
        const pause = Math.min(longestPause, firstPause * 2 ** failures)
        // setTimeout takes no more than 2^31 ms; waking too early only sets it again.
        timer = setTimeout(work, Math.min(Math.max(pause, left), 86_400) * 1000)
      }
      const work = (): void => {
        if (secondsLeft() > 0) {
          check()
          return
        }
        renew()
          .catch(error => isFinal(error) && askBack(error))
          .then(check, check)
      }
      const wake = (): void => {
        if (document.visibilityState === 'visible' && secondsLeft() <= 0) work()
      }
      const unsubscribe = store.subscribe((state, previous) => {
        if (state.session !== previous.session) check()
      })
      const wakers = [
        [document, 'visibilitychange'],
        [window, 'online'],
        [window, 'pageshow'],
      ] as const
      for (const [target, type] of wakers) target.addEventListener(type, wake)
      check()
      return () => {
        clearTimeout(timer)
        unsubscribe()
        for (const [target, type] of wakers) target.removeEventListener(type, wake)
      }
    },
  }
}

/** Asking again would not help: only the person can. */
function isFinal(error: unknown): boolean {
  if (error instanceof InteractionRequiredError) return true
  return (
    error instanceof AuthorizationResponseError &&
    ['invalid_grant', 'access_denied', 'unmet_authentication_requirements'].includes(error.error)
  )
}
