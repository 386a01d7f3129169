import type { AuthLogEvent } from 'afresh'
import { config } from './config.ts'
import { reasons } from './outcome.ts'

/** A sentence, and how it sounds. */
export interface Words {
  readonly text: string
  readonly tone: 'plain' | 'good' | 'bad'
  readonly code?: string
}

/**
 * Says what the package did, for a person who has never heard of OpenID Connect.
 *
 * @param before the type of the event before this one
 */
export function inWords(event: AuthLogEvent, before?: AuthLogEvent['type']): Words {
  return { text: sentence(event, before), tone: tone(event.type) }
}

function sentence(event: AuthLogEvent, before: AuthLogEvent['type'] | undefined): string {
  const action = ('action' in event && actions[event.action ?? '']) || 'do this'
  switch (event.type) {
    case 'session.restored':
      return before === 'redirect.returned'
        ? 'The answer says who you are.'
        : 'You were still signed in at Demo ID: a hidden frame found that out, and you were not asked.'
    case 'session.renewed':
      return 'Renewed the session silently. That says nothing about freshness.'
    case 'renewal.failed':
      return `Could not renew the session (${event.code}).`
    case 'session.anonymous':
      return anonymous[event.reason] ?? 'No person is signed in.'
    case 'session.signed_in':
      return 'Demo ID said who you are. The tokens stay in this page’s memory.'
    case 'account.changing':
      return 'Another person signed in. Everything of the former person is removed first.'
    case 'session.signed_out':
      return 'Signed out.'
    case 'freshness.asked':
      return `Asked the bank: is this login fresh enough to ${action}?`
    case 'freshness.challenged':
      return 'The bank wants proof. It signed a challenge that only a new login can answer.'
    case 'freshness.granted':
      return 'The bank is satisfied. It gave a grant that works once, and only for exactly this action.'
    case 'prompt.shown':
      return prompts[event.prompt] ?? 'Asked you how to continue.'
    case 'prompt.answered':
      return answers[event.answer] ?? 'You answered.'
    case 'popup.opened':
      return 'Opened a small window with Demo ID.'
    case 'popup.blocked':
      return 'The browser blocked the window.'
    case 'popup.closed':
      return 'The window is closed.'
    case 'redirect.started':
      return 'The whole page went to Demo ID.'
    case 'redirect.returned':
      return 'Came back from Demo ID.'
    case 'proof.sent':
      return 'Sent Demo ID’s answer to the bank as proof.'
    case 'proof.denied':
      return `The bank refused the proof: ${reasons[event.reason] ?? 'it did not say why'}.`
    case 'grant.used':
      return `Called the bank to ${action}, with the grant. The bank takes it once.`
    case 'interaction.failed':
      return `It ended without a result (${'reason' in event ? event.reason : event.code}). Nothing was done.`
    default:
      return fallback(event)
  }
}

const actions: Record<string, string> = {
  'payment.approve': 'approve this payment',
  'email.change': 'change this address',
}

const anonymous: Record<string, string> = {
  login_required: `Asked Demo ID in a hidden frame who is signed in: no person${config.opOnOtherSite ? ', or none that it can see from there' : ''}.`,
  timeout: 'Asked Demo ID in a hidden frame who is signed in, and got no answer.',
  failed: 'Could not find out who is signed in.',
  signed_out: 'You are no longer signed in.',
}

const prompts: Record<string, string> = {
  step_up: 'Asked you to confirm: a browser opens a window only right after a click.',
  popup_blocked: 'Asked whether to continue with the whole page instead.',
  account_mismatch: 'Another person signed in, so you were asked whose session this should be.',
  account_changed: 'Another person signed in in another tab, so this tab does nothing until you choose.',
  session_ended: 'Demo ID wants you to sign in again, so you were asked to.',
}

const answers: Record<string, string> = {
  continue: 'You continued.',
  cancel: 'You chose to stop.',
  switch: 'You continued as the other person.',
}

function tone(type: string): Words['tone'] {
  if (/granted|signed_in|restored/.test(type)) return 'good'
  return /denied|blocked|failed/.test(type) ? 'bad' : 'plain'
}

/** A newer package may report events that this demo has no words for. */
function fallback(event: { readonly type: string }): string {
  const words = event.type.replace(/[._-]+/g, ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
