import type { SessionTokens } from '../../core/tokens.ts'
import { onPageBack, setTimer, stopAll } from '../browser.ts'
import type { ClientContext } from '../context.ts'
import type { Renewal } from './renewal.ts'
import { secondsLeft } from './token-life.ts'
import { isSameLogin } from './vault.ts'

/** Seconds between tries when there is no answer: doubled each time, up to the last. */
const [firstPause, longestPause] = [2, 60]

/** Renews before expiry and when the page is back, until the returned function is called. */
export function watchRenewal({ browser, vault, machine }: ClientContext, renewal: Renewal): () => void {
  const { clock, page } = browser
  const { store } = machine
  let stopTimer = (): void => {}
  let watched: SessionTokens | null = null
  let lead = 0
  /** The tokens for which the clock has come to an end with asking the OP. */
  let ended: SessionTokens | null = null

  const isEnded = (): boolean => {
    const { session } = store.getState()
    return session.status === 'authenticated' && session.renewal.status === 'ended'
  }

  const untilExpiry = (): number =>
    vault.current ? secondsLeft(vault.current, clock) : Number.POSITIVE_INFINITY

  /** Once only the person can renew, the clock asks the person once, when the token expires. */
  const untilDue = (): number => untilExpiry() - (isEnded() ? 0 : lead)

  const canRenew = (): boolean => vault.current !== null && !(isEnded() && isSameToken(ended, vault.current))

  const isDue = (): boolean => canRenew() && untilDue() <= 0

  const schedule = (): void => {
    stopTimer()
    const left = untilDue()
    if (!canRenew() || left === Number.POSITIVE_INFINITY) return
    const pause = Math.min(longestPause, firstPause * 2 ** renewal.failures)
    stopTimer = setTimer(clock, () => (isDue() ? renew() : schedule()), Math.max(pause, left))
  }

  const renew = (): void => {
    ended = vault.current
    void renewal.renewOrAsk(null, false).then(schedule, schedule)
  }

  const onSession = (): void => {
    if (!isSameToken(watched, vault.current)) {
      watched = vault.current
      lead = leadFor(untilExpiry())
    }
    schedule()
  }

  const stops = [
    store.subscribe((state, previous) => {
      if (state.session !== previous.session) onSession()
    }),
    onPageBack(page, () => {
      if (isDue()) renew()
    }),
  ]
  onSession()
  return stopAll([...stops, () => stopTimer()])
}

/** Whether the session's own access token is the same. Another refresh token, or a token for an API, may have come. */
function isSameToken(a: SessionTokens | null, b: SessionTokens | null): boolean {
  if (!a || !b) return a === b
  return isSameLogin(a, b) && a.accessTokenExpiresAt === b.accessTokenExpiresAt
}

/** Seconds before expiry: random, so that tabs do not all wait for one lock; never more than half of what is left. */
function leadFor(untilExpiry: number): number {
  return Math.min(30 + Math.random() * 30, untilExpiry / 2)
}
