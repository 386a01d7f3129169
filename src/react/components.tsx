'use client'
import type { ReactElement, ReactNode } from 'react'
import { type LazyComponent, lazyComponent } from './lazyComponent.tsx'
import { UnavailablePrompts } from './UnavailablePrompts.tsx'
import { useSession } from './useSession.ts'
import type { SwitchProps } from './useSwitch.ts'

/**
 * Shows its children if a person is signed in, else the fallback. It protects no data: a page can be made to show
 * anything.
 *
 * @param props the fallback and the children
 * @param props.fallback what is shown otherwise. Default: nothing
 * @param props.children what is shown to a person who is signed in
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

/**
 * Shows its children if a person is signed in, else nothing. It protects no data.
 *
 * @param props the children
 * @param props.children what is shown to a person who is signed in
 */
export function SignedIn({ children }: { children?: ReactNode }): ReactElement {
  return <RequireSession>{children}</RequireSession>
}

/**
 * Shows its children if the session is `anonymous`: no person is signed in, or the OP gave no answer. While the session
 * is `initializing`, it shows nothing.
 *
 * @param props the children
 * @param props.children what is shown if no person is signed in
 */
export function SignedOut({ children }: { children?: ReactNode }): ReactElement {
  return <>{useSession(({ status }) => status === 'anonymous') && children}</>
}

/**
 * Shows what the person is asked, one prompt at a time, in a modal `<dialog class="afresh-prompt">`. The code of this
 * component is loaded after the app has started, and so is that of `<SwitchAccountLink>` and `<AccountChooser>`. If it
 * cannot be loaded, calls that wait for a prompt fail with a `NetworkError`.
 */
export const AuthPrompts: LazyComponent<object> = lazyComponent(
  'AuthPrompts',
  async () => (await import('./prompts-and-accounts.ts')).Prompts,
  UnavailablePrompts,
)

/**
 * Says who is signed in, and lets another person sign in: “Hi Josh. Not you?”. It shows nothing without a session. It
 * takes no children: its words are in the `messages` of `<AuthProvider>`.
 */
export const SwitchAccountLink: LazyComponent<SwitchProps> = lazyComponent(
  'SwitchAccountLink',
  async () => (await import('./prompts-and-accounts.ts')).SwitchAccountLink,
)

/**
 * Shows the account that is signed in, and the accounts that this browser remembers (`rememberAccounts`). The person
 * can choose one, forget one or all, or sign in with another account.
 */
export const AccountChooser: LazyComponent<SwitchProps> = lazyComponent(
  'AccountChooser',
  async () => (await import('./prompts-and-accounts.ts')).AccountChooser,
)
