'use client'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { repeat } from '../client/browser.ts'
import { clockOf } from '../client/client-clock.ts'
import { useAuthClient } from './AuthProvider.tsx'

/**
 * Gives the seconds until the session's own limits (`session: { idle, absolute }`) end it, by the client's clock.
 * `extend` says that the person is still there. It moves the idle limit, but not the absolute one.
 *
 * @throws `ConfigurationError` outside an `<AuthProvider>`
 */
export function useSessionExpiry(): {
  /** Whole seconds until the session ends, at least 0. Null without limits. */
  readonly secondsLeft: number | null
  /** Says that the person is still there, as `client.extendSession` does. */
  readonly extend: () => void
} {
  const { store, extendSession: extend } = useAuthClient()
  const endsAt = useStore(store, ({ limit }) => limit?.endsAt ?? null)
  const clock = clockOf(store)
  const [now, setNow] = useState(() => clock?.now() ?? 0)
  useEffect(() => {
    if (endsAt === null || !clock) return
    const read = (): void => setNow(clock.now())
    read()
    return repeat(clock, read, 1)
  }, [endsAt, clock])
  const left = endsAt === null || !clock ? null : Math.max(0, Math.round(endsAt - now / 1000))
  return { secondsLeft: left, extend }
}
