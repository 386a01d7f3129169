'use client'
import { useStore } from 'zustand'
import type { AuthClient } from '../client/auth-client.ts'
import type { Account } from '../core/account.ts'
import type { RememberedAccount } from '../core/remembered-accounts.ts'
import { useAuthClient } from './AuthProvider.tsx'

/**
 * The account that is signed in, the accounts that this browser remembers (`rememberAccounts`; the last used first), and
 * the functions of `client.accounts`.
 */
export function useAccounts(): AuthClient['accounts'] & {
  /** Who is signed in, or null. */
  readonly current: Account | null
  /** The accounts to choose from, the last used first; empty without `rememberAccounts`. */
  readonly remembered: readonly RememberedAccount[]
} {
  const { store, accounts } = useAuthClient()
  const current = useStore(store, ({ session }) =>
    session.status === 'authenticated' ? session.account : null,
  )
  const remembered = useStore(store, state => state.remembered)
  return { ...accounts, current, remembered }
}
