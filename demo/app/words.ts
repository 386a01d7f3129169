import type { AuthLogEvent } from 'afresh'
import { config } from './config.ts'
import { reasons } from './outcome.ts'

export interface Words {
  readonly text: string
  readonly tone: 'plain' | 'good' | 'bad'
}

/**
 * What the package did, for somebody who has never heard of OpenID Connect.
 *
 * @param before the type of the event before this one
 */
export function inWords(event: AuthLogEvent, before?: AuthLogEvent['type']): Words {
  return { text: sentence(event, before), tone: tone(event.type) }
}

function sentence(event: AuthLogEvent, before: AuthLogEvent['type'] | undefined): string {
  const action = actions[event.action ?? ''] ?? 'do this'
  switch (event.type) {
    case 'session.restored':
      return before === 'redirect.returned'
        ? 'It brought an answer that says who you are.'
        : 'You were still signed in at Demo ID: a hidden frame found out, and nothing was asked.'
    case 'session.renewed':
      return 'Renewed the session in silence. That says nothing about freshness.'
    case 'renewal.failed':
      return `Could not renew the session (${event.code ?? 'unknown'}).`
    case 'session.anonymous':
      return anonymous[event.reason ?? ''] ?? 'Nobody is signed in.'
    case 'session.signed_in':
      return 'Demo ID said who you are. The tokens stay in this page’s memory.'
    case 'account.changing':
      return 'Somebody else signed in. First everything of the former person goes.'
    case 'session.signed_out':
      return 'Signed out.'
    case 'freshness.asked':
      return `Asked the bank: is this login fresh enough to ${action}?`
    case 'freshness.challenged':
      return 'The bank said: not without proof. It signed a challenge that only a new login can answer.'
    case 'freshness.granted':
      return 'The bank is satisfied. It gave a grant that works once, and only for exactly this.'
    case 'prompt.shown':
      return prompts[event.prompt ?? ''] ?? 'Asked you how to go on.'
    case 'prompt.answered':
      return answers[event.answer ?? ''] ?? 'You answered.'
    case 'popup.opened':
      return 'Opened a small window at Demo ID.'
    case 'popup.blocked':
      return 'The browser blocked the window.'
    case 'popup.closed':
      return 'The window is closed.'
    case 'redirect.started':
      return 'Went to Demo ID with the whole page.'
    case 'redirect.returned':
      return 'Came back from Demo ID.'
    case 'proof.sent':
      return 'Sent what Demo ID answered to the bank, as proof.'
    case 'proof.denied':
      return `The bank refused the proof: ${reasons[event.reason ?? ''] ?? 'it did not say why'}.`
    case 'grant.used':
      return `Used the grant to ${action}. It is worthless now.`
    case 'interaction.failed':
      return `It ended without a result (${event.reason ?? event.code ?? 'unknown'}). Nothing was done.`
    default:
      return fallback(event)
  }
}

const actions: Record<string, string> = {
  'payment.approve': 'approve this payment',
  'email.change': 'change this address',
}

const anonymous: Record<string, string> = {
  login_required: `Asked Demo ID in a hidden frame who is signed in: nobody${config.opOnOtherSite ? ', or nobody that it could see from there' : ''}.`,
  timeout: 'Asked Demo ID in a hidden frame who is signed in, and no answer came.',
  failed: 'Could not find out who is signed in.',
  signed_out: 'Nobody is signed in any more.',
}

const prompts: Record<string, string> = {
  step_up: 'Asked you to confirm: a browser opens a window only right after a click.',
  popup_blocked: 'Asked whether to go on with the whole page instead.',
  account_mismatch: 'Somebody else signed in, so it asked whose session this is to be.',
  account_changed: 'In another tab somebody else signed in, so this one does nothing until you choose.',
  session_ended: 'Demo ID wants to see you again, so it asked you to sign in.',
}

const answers: Record<string, string> = {
  continue: 'You went on.',
  cancel: 'You chose to stop.',
  switch: 'You went on as the other person.',
}

function tone(type: string): Words['tone'] {
  if (/granted|used|signed_in|restored/.test(type)) return 'good'
  return /denied|blocked|failed/.test(type) ? 'bad' : 'plain'
}

/** A newer package may tell of things that this demo has no words for. */
function fallback(event: { readonly type: string }): string {
  const words = event.type.replace(/[._-]+/g, ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
