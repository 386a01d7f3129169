'use client'
import { useStore } from 'zustand'
import type { SessionState } from '../core/machine/state.ts'
import { useAuthClient } from './AuthProvider.tsx'

/**
 * The session: who is signed in in this browser. With a selector the component renders only when the selected value
 * changes. The selector must return the same value for the same session, so select a field rather than build an object.
 *
 * It is for what people see. It protects no data, and says nothing about freshness.
 */
export function useSession(): SessionState
export function useSession<T>(selector: (session: SessionState) => T): T
export function useSession<T>(selector?: (session: SessionState) => T): T | SessionState {
  const { store } = useAuthClient()
  return useStore(store, ({ session }) => (selector ? selector(session) : session))
}
