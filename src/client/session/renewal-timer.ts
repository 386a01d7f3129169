import type { TokenSet } from '../../core/tokens.ts'
import { onPageBack, setTimer } from '../browser.ts'
import type { ClientContext } from '../context.ts'
import type { Renewal } from './renewal.ts'

/** Seconds between tries when there is no answer: doubled each time, up to the last. */
const [firstPause, longestPause] = [2, 60]

/** Renews before expiry and when the page is back, until the returned function is called. */
export function watchRenewal({ vault, machine, now }: ClientContext, renewal: Renewal): () => void {
  const { store } = machine
  let timer: ReturnType<typeof setTimeout> | undefined
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

  /** Once only the person can renew, that is asked when a token is needed, and not by the clock. */
  const canRenew = (): boolean => {
    const { session } = store.getState()
    return session.status === 'authenticated' && session.renewal.status !== 'ended'
  }

  const isDue = (): boolean => canRenew() && secondsLeft() <= 0

  const schedule = (): void => {
    clearTimeout(timer)
    const left = secondsLeft()
    if (!canRenew() || left === Number.POSITIVE_INFINITY) return
    const pause = Math.min(longestPause, firstPause * 2 ** renewal.failures)
    timer = setTimer(() => (isDue() ? renew() : schedule()), Math.max(pause, left))
  }

  const renew = (): void => void renewal.renewOrAsk().then(schedule, schedule)

  const stops = [
    store.subscribe((state, previous) => {
      if (state.session !== previous.session) schedule()
    }),
    onPageBack(() => {
      if (isDue()) renew()
    }),
  ]
  schedule()
  return () => {
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}
