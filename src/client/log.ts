import { type AuthState, selectPrompt } from '../core/machine/state.ts'
import type { AuthEvent } from '../core/machine/transition.ts'

/** Something the client did. `code` is an error's; nothing here is secret. */
export interface AuthLogEvent {
  readonly type:
    | 'session.restored'
    | 'session.signed_in'
    | 'session.renewed'
    | 'session.adopted'
    | 'account.changing'
    | 'renewal.failed'
    | 'session.anonymous'
    | 'session.signed_out'
    | 'freshness.asked'
    | 'freshness.challenged'
    | 'freshness.granted'
    | 'prompt.shown'
    | 'prompt.answered'
    | 'popup.opened'
    | 'popup.blocked'
    | 'popup.closed'
    | 'redirect.started'
    | 'redirect.returned'
    | 'proof.sent'
    | 'proof.denied'
    | 'grant.used'
    | 'trigger.fired'
    | 'interaction.failed'
  readonly action?: string
  readonly prompt?: string
  readonly answer?: string
  readonly code?: string
  readonly reason?: string
}

/** Tells the logger what a transition means to a person. */
export function logTransition(
  log: (event: AuthLogEvent) => void,
  event: AuthEvent,
  state: AuthState,
  previous: AuthState,
): void {
  const prompt = selectPrompt(state)
  if (prompt && prompt.type !== selectPrompt(previous)?.type)
    log({ type: 'prompt.shown', prompt: prompt.type })
  if (event.type === 'interaction.failed' || event.type === 'renewal.failed') {
    log({ type: event.type, code: event.error.code })
  }
  if (state.session === previous.session || event.type === 'renewal.failed') return
  if (state.session.status === 'anonymous') {
    const { reason } = state.session
    log(reason === 'signed_out' ? { type: 'session.signed_out' } : { type: 'session.anonymous', reason })
  } else if (state.session.status === 'initializing') log({ type: 'account.changing' })
  else if (state.session.renewal.status === 'ended') return
  else if (event.type === 'session.found') log({ type: 'session.restored' })
  else if (event.type === 'session.renewed' || event.type === 'session.adopted') log({ type: event.type })
  else log({ type: 'session.signed_in' })
}
