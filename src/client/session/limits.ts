import type { AnonymousReason, SessionLimit } from '../../core/machine/state.ts'
import type { ClientContext } from '../context.ts'

export interface Limits {
  /** Watches until the returned function is called. */
  watch(): () => void
  /** The person is there. */
  extend(): void
}

/** What counts as somebody being there. */
const signsOfLife = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

/**
 * Ends the session when nobody has been there for too long, or when it is too old, with a warning before. By the wall
 * clock, so a laptop that slept through the limit is signed out when it wakes. When somebody was there last is in
 * localStorage: all tabs count, and a reload is no excuse. A page cannot be made to keep to it; the OP's and the API's
 * own limits are what protects.
 */
export function createLimits(context: ClientContext, end: (reason: AnonymousReason) => void): Limits {
  const { options, machine, now, name } = context
  const { idle = Infinity, absolute = Infinity, warnBefore = 60 } = options.session
  const key = `afresh:active:${name}`
  const { store, dispatch } = machine
  let timer: ReturnType<typeof setTimeout> | undefined
  let startedAt = now()

  const lastActive = (): number => {
    try {
      return Number(localStorage.getItem(key) ?? now())
    } catch {
      return now()
    }
  }
  const extend = (): void => {
    try {
      localStorage.setItem(key, String(now()))
    } catch {
      // Then only the absolute limit counts.
    }
    check()
  }

  const limit = (): SessionLimit => {
    const { session } = store.getState()
    const signedInAt = session.status === 'authenticated' ? session.claims.auth_time : undefined
    const oldest = typeof signedInAt === 'number' ? signedInAt : startedAt
    const [idleAt, absoluteAt] = [lastActive() + idle, oldest + absolute]
    const endsAt = Math.min(idleAt, absoluteAt)
    const reason = idleAt < absoluteAt ? 'idle' : 'absolute'
    const warns = now() >= endsAt - warnBefore
    return { endsAt, reason, prompt: warns ? { id: key, type: 'idle_warning', endsAt, reason } : null }
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
    const changed = next.endsAt !== shown?.endsAt || Boolean(next.prompt) !== Boolean(shown?.prompt)
    if (changed) dispatch({ type: 'limit.changed', limit: next })
    const wait = next.endsAt - now() - (next.prompt ? 0 : warnBefore)
    timer = setTimeout(check, Math.min(Math.max(wait, 1), 86_400) * 1000)
  }

  const live = (): void => {
    // Once the warning is up, only its answer counts.
    const { limit: shown } = store.getState()
    if (!shown?.prompt && lastActive() !== now()) extend()
  }

  return {
    extend,
    watch: () => {
      const unsubscribe = store.subscribe(({ session }, previous) => {
        if (session.status !== 'authenticated' || previous.session.status === 'authenticated') return
        startedAt = now()
        // Somebody who has just signed in is there; who was only found again may be long gone.
        if (previous.session.status === 'anonymous') extend()
        else check()
      })
      for (const type of signsOfLife) addEventListener(type, live, { passive: true })
      for (const type of ['storage', 'pageshow', 'focus'] as const) addEventListener(type, check)
      document.addEventListener('visibilitychange', check)
      check()
      return () => {
        clearTimeout(timer)
        unsubscribe()
        for (const type of signsOfLife) removeEventListener(type, live)
        for (const type of ['storage', 'pageshow', 'focus'] as const) removeEventListener(type, check)
        document.removeEventListener('visibilitychange', check)
      }
    },
  }
}
