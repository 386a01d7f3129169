import { type Account, isSameAccount } from '../../core/account.ts'
import type { AuthState } from '../../core/machine/state.ts'
import { type RememberedAccount, readRemembered, remember } from '../../core/remembered-accounts.ts'
import { readValue, writeValue } from '../../op/guarded-storage.ts'
import { onStored, stopAll } from '../browser.ts'
import type { ClientContext } from '../context.ts'

export interface RememberedAccounts {
  /** Remembers each person who signs in, until the returned function is called. */
  watch(): () => void
  /** Forgets one account, or all. */
  forget(account?: Account): void
}

/** In localStorage, for every tab. Where storage is forbidden no account is remembered. */
export function createRememberedAccounts({
  browser,
  options,
  machine,
  now,
  keys,
}: ClientContext): RememberedAccounts {
  const { issuers, rememberAccounts: limit } = options
  const { store, dispatch } = machine
  const { browserStorage, page } = browser

  const read = (): readonly RememberedAccount[] =>
    readRemembered(readValue(browserStorage, keys.accounts), issuers, now(), limit)
  const show = (): void => dispatch({ type: 'accounts.remembered', remembered: read() })
  const write = (remembered: readonly RememberedAccount[]): void => {
    if (remembered.length > 0) writeValue(browserStorage, keys.accounts, remembered)
    else browserStorage.remove(keys.accounts)
    show()
  }
  const rememberCurrent = (account: Account | null): void => {
    if (account) write(remember(read(), account, now(), limit))
  }

  return {
    watch: () => {
      const stops = [
        store.subscribe((state, previous) => {
          const account = accountIn(state)
          if (account !== accountIn(previous)) rememberCurrent(account)
        }),
        onStored(page, keys.accounts, show),
      ]
      show()
      rememberCurrent(accountIn(store.getState()))
      return stopAll(stops)
    },
    forget: account => write(account ? read().filter(one => !isSameAccount(one, account)) : []),
  }
}

function accountIn({ session }: AuthState): Account | null {
  return session.status === 'authenticated' ? session.account : null
}
