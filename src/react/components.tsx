import type { ReactElement, ReactNode } from 'react'
import type { Switched } from '../client/auth-client.ts'
import { type Later, later } from './later.tsx'
import { useSession } from './useSession.ts'

// What these show protects no data: a page can be made to show anything.

/** Its children when somebody is signed in, else the fallback. */
export function RequireSession({
  fallback = null,
  children,
}: {
  fallback?: ReactNode
  children?: ReactNode
}): ReactElement {
  return <>{useSession(({ status }) => status === 'authenticated') ? children : fallback}</>
}

/** Its children when somebody is signed in. */
export function SignedIn({ children }: { children?: ReactNode }): ReactElement {
  return <RequireSession>{children}</RequireSession>
}

/** Its children when it is known that nobody is signed in. */
export function SignedOut({ children }: { children?: ReactNode }): ReactElement {
  return <>{useSession(({ status }) => status === 'anonymous') && children}</>
}

/**
 * Shows what the person is asked, one prompt at a time, in a modal `<dialog class="afresh-prompt">`. It and the
 * components below are loaded after the app has started.
 */
export const AuthPrompts: Later<object> = later(async () => (await import('./prompts.tsx')).Prompts)

export interface SwitchProps {
  /** What to know before, such as that another session takes another licence. */
  readonly notice?: string
  /** Hears how a switch ended, and that it did: it has another person, or the same. */
  readonly onSwitched?: (switched: Switched) => void
}

/** “Hi Josh. Not you?”: says who is signed in, and lets somebody else. Nothing when nobody is. */
export const SwitchAccountLink: Later<SwitchProps> = later(
  async () => (await import('./switching.tsx')).SwitchAccountLink,
)

/** The accounts that this browser remembers (`rememberAccounts`), to choose from, to forget, or to add to. */
export const AccountChooser: Later<SwitchProps> = later(
  async () => (await import('./switching.tsx')).AccountChooser,
)
