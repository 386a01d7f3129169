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

  const schedule = (): void => {
    clearTimeout(timer)
    const { session } = store.getState()
    const left = secondsLeft()
    if (session.status !== 'authenticated' || session.renewal.status === 'ended') return
    if (left === Number.POSITIVE_INFINITY) return
    const pause = Math.min(longestPause, firstPause * 2 ** renewal.failures)
    timer = setTimer(renewIfDue, Math.max(pause, left))
  }

  const renewIfDue = (): void => {
    if (secondsLeft() > 0) schedule()
    else renewal.renewOrAsk().then(schedule, schedule)
  }

  const stops = [
    store.subscribe((state, previous) => {
      if (state.session !== previous.session) schedule()
    }),
    onPageBack(() => {
      if (secondsLeft() <= 0) renewIfDue()
    }),
  ]
  schedule()
  return () => {
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}
