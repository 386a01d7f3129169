'use client'
import { useState } from 'react'
import type { Switched } from '../client/auth-client.ts'
import type { Account } from '../core/account.ts'
import { InteractionCancelledError } from '../core/errors.ts'
import { useAccounts } from './useAccounts.ts'
import { useMessages } from './useMessages.ts'
import { useSession } from './useSession.ts'

/** What `<SwitchAccountLink>` and `<AccountChooser>` take. */
export interface SwitchProps {
  /** What the person should know before a switch, such as that another session takes another licence. Default: none. */
  readonly notice?: string | undefined
  /**
   * Called after a switch, with the account that is signed in now: another one, or the same. Default: none.
   *
   * @param switched who is signed in now, and whether that is another person
   */
  readonly onSwitched?: ((switched: Switched) => void) | undefined
}

/** Switches accounts, and says how it ended. `outcome` is empty where the page itself shows it. */
export function useSwitch({ onSwitched }: SwitchProps): {
  readonly switchTo: (to?: Account) => void
  readonly outcome: string
} {
  const { switchAccount } = useAccounts()
  const { switchAccount: words } = useMessages()
  const [outcome, setOutcome] = useState('')
  const switchTo = (to?: Account): void => {
    setOutcome('')
    switchAccount(to).then(
      switched => {
        if (!switched.changed) setOutcome(words.same(switched.account))
        onSwitched?.(switched)
      },
      error => setOutcome(error instanceof InteractionCancelledError ? '' : words.failed),
    )
  }
  // After a full-page redirect no call waits for the outcome any more.
  const hasFailed = useSession(session => session.status === 'authenticated' && session.error !== undefined)
  return { switchTo, outcome: outcome || (hasFailed ? words.failed : '') }
}
