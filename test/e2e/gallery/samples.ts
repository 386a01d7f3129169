import type { Account, Prompt } from 'afresh'

const iss = 'https://login.example.com'
const josh: Account = { iss, sub: 'josh', name: 'Josh Rivera', username: 'josh' }
const jane: Account = { iss, sub: 'jane', name: 'Jane Okafor', username: 'jane' }

const display = {
  title: 'Approve 250.00 to Northwind Paper',
  facts: { To: 'Northwind Paper', Amount: '250.00 EUR' },
}

/** One of each. */
export const samples: { readonly [Type in Prompt['type']]: Extract<Prompt, { type: Type }> } = {
  sign_in: { id: '1', type: 'sign_in', window: 'lost' },
  step_up: { id: '1', type: 'step_up', action: 'payment.approve', account: josh, display, window: 'none' },
  session_ended: { id: '1', type: 'session_ended', account: josh, window: 'none', leavesPage: false },
  account_mismatch: { id: '1', type: 'account_mismatch', expected: josh, actual: jane },
  account_changed: { id: '1', type: 'account_changed', from: josh, to: jane },
  popup_blocked: { id: '1', type: 'popup_blocked' },
  consent_required: { id: '1', type: 'consent_required', account: josh, window: 'none', leavesPage: false },
  sign_out_first: { id: '1', type: 'sign_out_first', account: josh },
  step_up_unmet: { id: '1', type: 'step_up_unmet', action: 'payment.approve', account: josh, display },
  idle_warning: { id: '1', type: 'idle_warning', endsAt: 1_800_000_000, reason: 'idle' },
}
