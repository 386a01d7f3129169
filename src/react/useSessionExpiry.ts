'use client'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useAuthClient } from './AuthProvider.tsx'

/**
 * The whole seconds until the session's own limits (`session: { idle, absolute }`) end it, or null without limits.
 * `extend` says that the person is still there: it moves the idle limit, but not the absolute one.
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
