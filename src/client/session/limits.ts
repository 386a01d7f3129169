import type { AnonymousReason } from '../../core/machine/state.ts'
import { type LimitRules, limitAt } from '../../core/session-limit.ts'
import type { SignedIn } from '../../core/tokens.ts'
import { browserStorage, listenTo, onActivity, onPageBack, setTimer, stopAll } from '../browser.ts'
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
  const rules: LimitRules = { idle: Infinity, absolute: Infinity, ...options.session }
  const { store, dispatch } = machine
  let timer: ReturnType<typeof setTimeout> | undefined
  let foundAt = now()
  const lastActive = createLastActive(context)

  const check = (): void => {
    clearTimeout(timer)
    const { session, limit: shown } = store.getState()
    if (session.status !== 'authenticated') return
    const times = { signedInAt: signInTime(session) ?? foundAt, lastActive: lastActive.read() }
    const { isOver, changesIn, ...limit } = limitAt(now(), times, rules)
    if (isOver) {
      end(limit.reason)
      return
    }
    const isChanged = limit.endsAt !== shown?.endsAt || limit.warns !== shown.warns
    if (isChanged) dispatch({ type: 'limit.changed', limit: { id: keys.lastActive, ...limit } })
    timer = setTimer(check, Math.max(changesIn, 1))
  }

  const extend = (): void => {
    lastActive.write()
    check()
  }

  const onSignOfLife = (): void => {
    // Once the warning is up, only its answer counts.
    if (!store.getState().limit?.warns && lastActive.read() !== now()) extend()
  }

  const watch = (): (() => void) => {
    const unsubscribe = store.subscribe(({ session }, { session: before }) => {
      if (session.status !== 'authenticated' || before.status === 'authenticated') return
      foundAt = now()
      // A person who has just signed in is there; one who was only found again may be long gone.
      if (before.status === 'anonymous') extend()
      else check()
    })
    check()
    const stops = [
      onActivity(onSignOfLife),
      onPageBack(check),
      // After a sleep a timer may be late, and focus is often the first to come.
      listenTo(window, ['storage', 'focus'], check),
    ]
    return stopAll([unsubscribe, ...stops, () => clearTimeout(timer)])
  }

  return { watch, extend }
}

/** When the person was there last. Where it cannot be kept that is always now, and only the absolute limit counts. */
function createLastActive({ keys, now }: ClientContext): { read(): number; write(): void } {
  return {
    read: () => Number(browserStorage.read(keys.lastActive) ?? now()),
    write: () => void browserStorage.write(keys.lastActive, String(now())),
  }
}

/** Epoch seconds; undefined where the OP does not say. */
function signInTime({ claims }: SignedIn): number | undefined {
  return typeof claims.auth_time === 'number' ? claims.auth_time : undefined
}
