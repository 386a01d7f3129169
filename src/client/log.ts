import { switchOf } from '../core/machine/account-switch.ts'
import type { AuthEvent } from '../core/machine/events.ts'
import type { TokenOrigin } from '../core/machine/interaction.ts'
import { selectPrompt } from '../core/machine/prompts.ts'
import type { AuthState } from '../core/machine/state.ts'
import type { Browser } from '../op/browser.ts'
import { failureOf } from './failure.ts'
import type { AuthLogEvent, Logger } from './log-events.ts'

/**
 * Hands events to the app's logger one after the other, each in a turn of its own. What the logger throws is reported
 * like an error of the page, and stops nothing.
 *
 * @param logger the app's, or the one that writes to the console
 */
export function createLogQueue({ reportError }: Pick<Browser, 'reportError'>, logger: Logger): Logger {
  let last: Promise<void> = Promise.resolve()
  return event => {
    last = last.then(() => logger(event)).catch(reportError)
  }
}

/** Tells the logger what a transition means to a person. */
export function logTransition(log: Logger, event: AuthEvent, state: AuthState, previous: AuthState): void {
  const [prompt, before] = [selectPrompt(state), selectPrompt(previous)]
  if (prompt && (prompt.id !== before?.id || prompt.type !== before.type))
    log({ type: 'prompt.shown', prompt: prompt.type })
  if (event.type === 'interaction.failed') log({ type: event.type, ...failureOf(event.error) })
  if (event.type === 'renewal.failed')
    log({ type: event.type, isFinal: event.final, ...failureOf(event.error) })
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
      const { reason, error } = session
      if (reason === 'signed_out') return { type: 'session.signed_out' }
      return { type: 'session.anonymous', reason, ...(error && { cause: failureOf(error) }) }
    }
    case 'authenticated':
      if (session.renewal.status === 'ended' || session.renewal.status === 'outdated') return null
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
