import type { TokenSet } from '../../core/tokens.ts'
import { onPageBack, setTimer, stopAll } from '../browser.ts'
import type { ClientContext } from '../context.ts'
import type { Renewal } from './renewal.ts'

/** Seconds between tries when there is no answer: doubled each time, up to the last. */
const [firstPause, longestPause] = [2, 60]

/** Renews before expiry and when the page is back, until the returned function is called. */
export function watchRenewal({ vault, machine, now }: ClientContext, renewal: Renewal): () => void {
  const { store } = machine
  let timer: ReturnType<typeof setTimeout> | undefined
  let watched: TokenSet | null = null
  let lead = 0

  const secondsLeft = (): number => secondsUntilExpiry(vault.current, now()) - lead

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

  const onSession = (): void => {
    if (vault.current !== watched) {
      watched = vault.current
      lead = leadFor(secondsUntilExpiry(watched, now()))
    }
    schedule()
  }

  const stops = [
    store.subscribe((state, previous) => {
      if (state.session !== previous.session) onSession()
    }),
    onPageBack(() => {
      if (isDue()) renew()
    }),
  ]
  onSession()
  return stopAll([...stops, () => clearTimeout(timer)])
}

/** Infinite where the OP did not say when the access token expires. */
function secondsUntilExpiry(tokens: TokenSet | null, now: number): number {
  const expiresAt = tokens?.accessTokenExpiresAt ?? null
  return expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - now
}

/** Seconds before expiry: random, so that tabs do not all wait for one lock; never more than half of what is left. */
function leadFor(secondsLeft: number): number {
  return Math.min(30 + Math.random() * 30, secondsLeft / 2)
}
