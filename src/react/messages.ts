import { nameOf } from '../core/account.ts'
import type { Prompt } from '../core/state.ts'

/** The words of one prompt. A button without words is not shown. */
export interface PromptText {
  readonly title: string
  readonly text: string
  readonly continue?: string
  readonly switch?: string
  readonly cancel: string
}

/** The words of every prompt, as functions of what it is about. */
export type PromptMessages = {
  readonly [Type in Prompt['type']]: (prompt: Extract<Prompt, { type: Type }>) => PromptText
}

const windowWords = {
  none: { text: 'Sign in once more to continue.', continue: 'Continue' },
  open: { text: 'Sign in in the window that has just opened.' },
  lost: { text: 'Sign in in the other window, or open it again.', continue: 'Open again' },
}

export const english: PromptMessages = {
  step_up: ({ account, window }) => ({
    title: `Confirm it’s you, ${nameOf(account)}`,
    cancel: 'Cancel',
    ...windowWords[window],
  }),
  session_ended: ({ account, window }) => ({
    title: `Your session has ended, ${nameOf(account)}`,
    cancel: 'Not now',
    ...windowWords[window],
    ...(window === 'none' && { text: 'Sign in again to go on. Nothing on this page is lost.' }),
  }),
  idle_warning: ({ reason, endsAt }) => ({
    title: 'Are you still there?',
    text: `You will be signed out at ${new Date(endsAt * 1000).toLocaleTimeString()}.`,
    cancel: reason === 'idle' ? 'Stay signed in' : 'OK',
  }),
  popup_blocked: () => ({
    title: 'Your browser blocked the window',
    text: 'You can sign in on this page instead; it brings you back here.',
    continue: 'Continue on this page',
    cancel: 'Cancel',
  }),
  step_up_unmet: ({ account }) => ({
    title: 'This needs a stronger sign-in',
    text: `${nameOf(account)} cannot sign in as strongly as this needs. Add another way to sign in to this account, or use another account.`,
    cancel: 'OK',
    switch: 'Use another account',
  }),
  account_mismatch: ({ expected, actual }) => ({
    title: `You signed in as ${nameOf(actual)}`,
    text: `This is the session of ${nameOf(expected)}.`,
    cancel: `Back to ${nameOf(expected)}`,
    switch: `Continue as ${nameOf(actual)}`,
  }),
}
