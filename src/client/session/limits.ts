import type { AnonymousReason, SessionLimit } from '../../core/machine/state.ts'
import { browserStorage, listenTo, onActivity, onPageBack, setTimer } from '../browser.ts'
import type { ClientContext } from '../context.ts'

export interface Limits {
  /** Watches until the returned function is called. */
  watch(): () => void
  /** The person is there. */
  extend(): void
}

/**
 * Ends the session when the person has not been there for too long, or when it is too old, with a warning before. By
 * the wall clock, so a laptop that slept through the limit is signed out when it wakes. When the person was there last
 * is in localStorage: all tabs count, and a reload is no excuse. A page cannot be made to keep to it; the OP's and the
 * API's own limits are what protects.
 */
export function createLimits(context: ClientContext, end: (reason: AnonymousReason) => void): Limits {
  const { options, machine, now, keys } = context
  const { idle = Infinity, absolute = Infinity, warnBefore } = options.session
  const { store, dispatch } = machine
  let timer: ReturnType<typeof setTimeout> | undefined
  let startedAt = now()

  const lastActive = (): number => Number(browserStorage.read(keys.lastActive) ?? now())
  const extend = (): void => {
    // Where it cannot be kept, only the absolute limit counts.
    browserStorage.write(keys.lastActive, String(now()))
    check()
  }

  const limit = (): SessionLimit => {
    const { session } = store.getState()
    const signedInAt = session.status === 'authenticated' ? session.claims.auth_time : undefined
    const oldest = typeof signedInAt === 'number' ? signedInAt : startedAt
    const [idleAt, absoluteAt] = [lastActive() + idle, oldest + absolute]
    const endsAt = Math.min(idleAt, absoluteAt)
    const reason = idleAt < absoluteAt ? 'idle' : 'absolute'
    return { id: keys.lastActive, endsAt, reason, warns: now() >= endsAt - warnBefore }
  }

  const check = (): void => {
    clearTimeout(timer)
    const { session, limit: shown } = store.getState()
    if (session.status !== 'authenticated') return
    const next = limit()
    if (now() >= next.endsAt) {
      end(next.reason)
      return
    }
    const isChanged = next.endsAt !== shown?.endsAt || next.warns !== shown.warns
    if (isChanged) dispatch({ type: 'limit.changed', limit: next })
    const wait = next.endsAt - now() - (next.warns ? 0 : warnBefore)
    timer = setTimer(check, Math.max(wait, 1))
  }

  const onSignOfLife = (): void => {
    // Once the warning is up, only its answer counts.
    if (!store.getState().limit?.warns && lastActive() !== now()) extend()
  }

  const onSession = (isNew: boolean): void => {
    startedAt = now()
    // A person who has just signed in is there; one who was only found again may be long gone.
    if (isNew) extend()
    else check()
  }

  return {
    extend,
    watch: () => {
      const stops = [
        store.subscribe(({ session }, { session: before }) => {
          if (session.status !== 'authenticated' || before.status === 'authenticated') return
          onSession(before.status === 'anonymous')
        }),
        onActivity(onSignOfLife),
        onPageBack(check),
        // After a sleep a timer may be late, and focus is often the first to come.
        listenTo(window, ['storage', 'focus'], check),
      ]
      check()
      return () => {
        clearTimeout(timer)
        for (const stop of stops) stop()
      }
    },
  }
}
