'use client'
import type { ReactElement, ReactNode } from 'react'
import { type LazyComponent, lazyComponent } from './lazyComponent.tsx'
import { UnavailablePrompts } from './UnavailablePrompts.tsx'
import { useSession } from './useSession.ts'
import type { SwitchProps } from './useSwitch.ts'

/**
 * Shows its children when a person is signed in, else the fallback. It protects no data: a page can be made to show
 * anything.
 */
export function RequireSession({
  fallback = null,
  children,
}: {
  fallback?: ReactNode
  children?: ReactNode
}): ReactElement {
  return <>{useSession(({ status }) => status === 'authenticated') ? children : fallback}</>
}

/** Shows its children when a person is signed in, else nothing. It protects no data. */
export function SignedIn({ children }: { children?: ReactNode }): ReactElement {
  return <RequireSession>{children}</RequireSession>
}

/** Shows its children when it is known that no person is signed in: not yet while the session is initializing. */
export function SignedOut({ children }: { children?: ReactNode }): ReactElement {
  return <>{useSession(({ status }) => status === 'anonymous') && children}</>
}

/**
 * Shows what the person is asked, one prompt at a time, in a modal `<dialog class="afresh-prompt">`. It and the
 * components below are loaded after the app has started. Where its code cannot be loaded, what waits for a prompt fails
 * with a `NetworkError`.
 */
export const AuthPrompts: LazyComponent<object> = lazyComponent(
  'AuthPrompts',
  async () => (await import('./prompts-and-accounts.ts')).Prompts,
  UnavailablePrompts,
)

/**
 * “Hi Josh. Not you?”: says who is signed in, and lets another person sign in. Shows nothing without a session. It takes
 * no children: its words are in the `messages` of `<AuthProvider>`.
 */
export const SwitchAccountLink: LazyComponent<SwitchProps> = lazyComponent(
  'SwitchAccountLink',
  async () => (await import('./prompts-and-accounts.ts')).SwitchAccountLink,
)

/** The accounts that this browser remembers (`rememberAccounts`), to choose from, to forget, or to add to. */
export const AccountChooser: LazyComponent<SwitchProps> = lazyComponent(
  'AccountChooser',
  async () => (await import('./prompts-and-accounts.ts')).AccountChooser,
)
