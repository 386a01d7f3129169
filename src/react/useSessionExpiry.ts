'use client'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useAuthClient } from './AuthProvider.tsx'

/**
 * When the session's own limits (`session: { idle, absolute }`) end it: whole seconds, or null where there are none.
 * `extend` says that the person is there; it does not move the absolute limit.
 */
export function useSessionExpiry(): { readonly secondsLeft: number | null; readonly extend: () => void } {
  const { store, extendSession: extend } = useAuthClient()
  const endsAt = useStore(store, ({ limit }) => limit?.endsAt ?? null)
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (endsAt === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [endsAt])
  return { secondsLeft: endsAt === null ? null : Math.max(0, Math.round(endsAt - now / 1000)), extend }
}
