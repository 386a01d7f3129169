'use client'
import { useStore } from 'zustand'
import type { SessionState } from '../core/machine/state.ts'
import { useAuthClient } from './AuthProvider.tsx'

/**
 * Gives the session: who is signed in in this browser. The component renders again with each change of it. It is for
 * what people see. It protects no data, and says nothing about freshness.
 *
 * @throws `ConfigurationError` outside an `<AuthProvider>`
 */
export function useSession(): SessionState
/**
 * Gives a part of the session. The component renders again only when the selected value changes. It is for what people
 * see. It protects no data, and says nothing about freshness.
 *
 * @param selector picks what the component needs. It must return the same value for the same session, so select a
 * field, and do not build an object
 * @throws `ConfigurationError` outside an `<AuthProvider>`
 */
export function useSession<T>(selector: (session: SessionState) => T): T
export function useSession<T>(selector?: (session: SessionState) => T): T | SessionState {
  const { store } = useAuthClient()
  return useStore(store, ({ session }) => (selector ? selector(session) : session))
}
