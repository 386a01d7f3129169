import { nameOf } from '../core/account.ts'
import type { Messages } from './messages.ts'

const windowWords = {
  none: { text: 'Sign in once more to continue.', continue: 'Continue' },
  open: { text: 'Continue in the window that has just opened.', continue: 'Show the window' },
  lost: { text: 'Continue in the other window, or open it again.', continue: 'Open again' },
}
const nothingLost = ' Nothing on this page is lost.'

/** The English texts. They are used wherever an app brings none of its own. */
export const english: Messages = {
  lang: 'en',
  dir: 'ltr',
  prompts: {
    sign_in: ({ window }) => ({ title: 'Sign in', cancel: 'Cancel', ...windowWords[window] }),
    step_up: ({ account, window }) => ({
      title: `Confirm it’s you, ${nameOf(account)}`,
      cancel: 'Cancel',
      ...windowWords[window],
    }),
    session_ended: ({ account, window, leavesPage }) => ({
      title: `Your session has ended, ${nameOf(account)}`,
      cancel: 'Not now',
      ...windowWords[window],
      ...(window === 'none' && { text: `Sign in again to continue.${leavesPage ? '' : nothingLost}` }),
    }),
    consent_required: ({ account, window, leavesPage }) => ({
      title: `Your consent is needed, ${nameOf(account)}`,
      cancel: 'Not now',
      ...windowWords[window],
      ...(window === 'none' && {
        text: `You will be asked what this app may know about you.${leavesPage ? '' : nothingLost}`,
      }),
    }),
    sign_out_first: ({ account }) => ({
      title: `${nameOf(account)} is signed out first`,
      text: 'To let another person sign in, this page leaves and ends your session, also for other apps that use the same sign-in.',
      continue: 'Sign out and go on',
      cancel: 'Cancel',
    }),
    idle_warning: ({ reason, endsAt }) => ({
      title: 'Are you still there?',
      text: `You will be signed out at ${new Date(endsAt * 1000).toLocaleTimeString('en')}.`,
      cancel: reason === 'idle' ? 'Stay signed in' : 'OK',
    }),
    popup_blocked: () => ({
      title: 'Your browser blocked the window',
      text: 'You can sign in on this page instead. Afterwards you come back here.',
      continue: 'Continue on this page',
      cancel: 'Cancel',
    }),
    step_up_unmet: ({ account }) => ({
      title: 'This needs a stronger sign-in',
      text: `The sign-in methods of ${nameOf(account)} are not strong enough. Add another method to this account, or use another account.`,
      cancel: 'OK',
      switch: 'Use another account',
    }),
    account_mismatch: ({ expected, actual }) => ({
      title: `You signed in as ${nameOf(actual)}`,
      text: `This is the session of ${nameOf(expected)}.`,
      cancel: `Back to ${nameOf(expected)}`,
      switch: `Continue as ${nameOf(actual)}`,
    }),
    account_changed: ({ from, to }) => ({
      title: `${nameOf(to)} signed in in another tab`,
      text: `This page still belongs to ${nameOf(from)}. Nothing is sent until you choose.`,
      cancel: 'Not now',
      switch: `Back to ${nameOf(from)}`,
      continue: `Continue as ${nameOf(to)}`,
    }),
  },
  actions: {},
  switchAccount: {
    greeting: ({ name, ...account }) => `Hi ${name?.split(' ')[0] ?? nameOf(account)}.`,
    notYou: 'Not you?',
    same: account => `You are still ${nameOf(account)}.`,
    failed: 'That did not work. Nothing has changed.',
  },
  chooser: {
    title: 'Choose an account',
    current: 'signed in',
    other: 'Use another account',
    forget: account => `Forget ${nameOf(account)}`,
    forgetAll: 'Forget all',
  },
}
