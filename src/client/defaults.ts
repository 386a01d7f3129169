import type { Ladder } from '../core/machine/interaction.ts'

/** What an option is when the app leaves it out. Durations in seconds. The docstrings of the options name these. */
export const defaults = {
  scope: 'openid profile email',
  callbackUrl: '/auth/callback.html',
  interaction: ['popup', 'redirect'] satisfies Ladder as Ladder,
  storage: 'memory',
  tabs: 'shared',
  renewVia: ['refresh', 'iframe'],
  restore: ['tabs', 'iframe', 'top-level'],
  idTokenSignature: 'server',
  dpop: false,
  warnBefore: 60,
  triggerAction: 'session.confirm',
  rememberAccounts: 0,
  clockSkew: 30,
  timeLimit: 10,
  minValidity: 30,
} as const
