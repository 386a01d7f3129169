import { switchOf } from '../core/machine/account-switch.ts'
import type { AuthEvent } from '../core/machine/events.ts'
import type { TokenOrigin } from '../core/machine/interaction.ts'
import { selectPrompt } from '../core/machine/prompts.ts'
import type { AuthState } from '../core/machine/state.ts'

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

/** Hears what the client does. */
export type Logger = (event: AuthLogEvent) => void

/**
 * Hands events to the app's logger one after the other, each in a turn of its own. What the logger throws is reported
 * like an error of the page, and stops nothing.
 */
export function createLogQueue(logger: Logger | undefined): Logger {
  let last: Promise<void> = Promise.resolve()
  return event => {
    if (logger) last = last.then(() => logger(event)).catch(error => reportError(error))
  }
}

/** Tells the logger what a transition means to a person. */
export function logTransition(log: Logger, event: AuthEvent, state: AuthState, previous: AuthState): void {
  const [prompt, before] = [selectPrompt(state), selectPrompt(previous)]
  if (prompt && (prompt.id !== before?.id || prompt.type !== before.type))
    log({ type: 'prompt.shown', prompt: prompt.type })
  if (event.type === 'interaction.failed') log({ type: 'interaction.failed', code: event.error.code })
  if (event.type === 'renewal.failed') log({ type: event.type, code: event.error.code })
  else if (state.session !== previous.session) {
    const logEvent = sessionEvent(event, state.session, previous)
    if (logEvent) log(logEvent)
  }
}

function sessionEvent(
  event: AuthEvent,
  session: AuthState['session'],
  previous: AuthState,
): AuthLogEvent | null {
  switch (session.status) {
    case 'initializing':
      return { type: 'account.changing' }
    case 'anonymous': {
      const { reason } = session
      return reason === 'signed_out' ? { type: 'session.signed_out' } : { type: 'session.anonymous', reason }
    }
    case 'authenticated':
      if (session.renewal.status === 'ended') return null
      if (event.type === 'session.renewed') return { type: 'session.renewed' }
      return beginOf(originOf(event, previous))
  }
}

/** Where the session that begins comes from. A switch of accounts has waited for `onAccountChange`. */
function originOf(event: AuthEvent, previous: AuthState): TokenOrigin {
  if (event.type === 'session.adopted') return 'tab'
  if ('origin' in event) return event.origin
  return switchOf(previous)?.arrival.origin ?? 'sign_in'
}

function beginOf(origin: TokenOrigin): AuthLogEvent {
  switch (origin) {
    case 'sign_in':
      return { type: 'session.signed_in' }
    case 'tab':
      return { type: 'session.adopted' }
    case 'op':
    case 'storage':
      return { type: 'session.restored' }
  }
}
