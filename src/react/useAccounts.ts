'use client'
import { useStore } from 'zustand'
import type { AuthClient } from '../client/auth-client.ts'
import type { Account } from '../core/account.ts'
import type { RememberedAccount } from '../core/remembered-accounts.ts'
import { useAuthClient } from './AuthProvider.tsx'

/**
 * Gives the account that is signed in (`current`), the accounts that this browser remembers (`remembered`), and the
 * functions of `client.accounts`. `remembered` has the last used account first; it is empty without `rememberAccounts`.
 * `current` is null if no person is signed in.
 *
 * @throws `ConfigurationError` outside an `<AuthProvider>`
 */
export function useAccounts(): AuthClient['accounts'] & {
  /** The account that is signed in, or null. */
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
