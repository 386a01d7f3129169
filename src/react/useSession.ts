'use client'
import { useStore } from 'zustand'
import type { SessionState } from '../core/machine/state.ts'
import { useAuthClient } from './AuthProvider.tsx'

/**
 * Gives the session: who is signed in in this browser. With a selector, the component renders only when the selected
 * value changes. The selector must return the same value for the same session. So select a field, and do not build an
 * object.
 *
 * It is for what people see. It protects no data, and says nothing about freshness.
 *
 * @param selector picks what the component needs. Default: the whole session
 * @throws `ConfigurationError` outside an `<AuthProvider>`
 */
export function useSession(): SessionState
export function useSession<T>(selector: (session: SessionState) => T): T
export function useSession<T>(selector?: (session: SessionState) => T): T | SessionState {
  const { store } = useAuthClient()
  return useStore(store, ({ session }) => (selector ? selector(session) : session))
}
