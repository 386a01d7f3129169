import type { IdTokenClaims } from '../../core/claims.ts'
import type { TokenOrigin } from '../../core/machine/interaction.ts'
import type { AnonymousReason } from '../../core/machine/state.ts'
import { type LimitRules, limitAt, limitToShow } from '../../core/session-limit.ts'
import { listenTo, onPageBack, setTimer, stopAll } from '../browser.ts'
import type { ClientContext } from '../context.ts'
import { createLimitRecords } from './limit-records.ts'

export interface Limits {
  /** Watches until the returned function is called. */
  watch(): () => void
  /** A session is about to be shown. */
  begin(origin: TokenOrigin, claims: IdTokenClaims): void
  /** The person is there, which moves the idle limit. A session that is over by now ends instead. */
  extend(): void
  /** Ends the session if it is over, also where a timer is late, as after a sleep. Whether it is over. */
  endIfOver(): boolean
}

/**
 * Ends the session when the person has not been there for too long, or when it is too old, with a warning before. By
 * the wall clock, so a laptop that slept through the limit is signed out when it wakes. All tabs count together, and a
 * reload is no excuse. A page cannot be made to keep to it; the OP's and the API's own limits are what protects.
 */
export function createLimits(context: ClientContext, end: (reason: AnonymousReason) => void): Limits {
  const { browser, options, machine, now } = context
  const { clock, page } = browser
  const rules: LimitRules = { idle: Infinity, absolute: Infinity, ...options.session }
  const isLimited = rules.idle !== Infinity || rules.absolute !== Infinity
  const { store, dispatch } = machine
  const records = createLimitRecords(context, rules)
  let stopTimer = (): void => {}
  let isWatched = false

  const isSignedIn = (): boolean => store.getState().session.status === 'authenticated'

  const endIfOver = (): boolean => {
    stopTimer()
    if (!isLimited || !isSignedIn()) return false
    const limit = limitAt(now(), records.read(), rules)
    if (limit.isOver) {
      end(limit.reason)
      return true
    }
    const { limit: shown } = store.getState()
    const next = limitToShow(limit, shown, crypto.randomUUID())
    if (next !== shown) dispatch({ type: 'limit.changed', limit: next })
    if (isWatched) stopTimer = setTimer(clock, endIfOver, Math.max(limit.changesIn, 1))
    return false
  }

  const extend = (): void => {
    if (!isLimited || !isSignedIn() || endIfOver()) return
    records.touch()
    endIfOver()
  }

  let seenAt: number | null = null
  const onSignOfLife = (): void => {
    // A wheel sends many events a second.
    if (seenAt === now()) return
    seenAt = now()
    // Once the warning is up, only its answer counts.
    if (store.getState().limit?.warns) endIfOver()
    else extend()
  }

  const watch = (): (() => void) => {
    isWatched = true
    const stops = [
      store.subscribe((state, previous) => {
        if (state.session !== previous.session) endIfOver()
      }),
      page.on('activity', onSignOfLife),
      onPageBack(page, endIfOver),
      // After a sleep a timer may be late, and focus is often the first to come.
      listenTo(page, ['storage', 'focus'], endIfOver),
      () => {
        isWatched = false
        stopTimer()
      },
    ]
    endIfOver()
    return stopAll(stops)
  }

  return {
    watch,
    begin: (origin, claims) => {
      if (isLimited) records.begin(origin, claims, store.getState().session.status === 'anonymous')
    },
    extend,
    endIfOver,
  }
}
