import type { AuthLogEvent, Failure, Logger } from './log-events.ts'

/** How many different failures are told, so that a text that is never the same floods no console. */
const limit = 50

/**
 * The logger of an app that has none: each failure goes to the console, once. What a person chose, such as to close the
 * window or to go on as another person, is none.
 */
export function createConsoleLogger(): Logger {
  const told = new Set<string>()
  return event => {
    const failure = failureIn(event)
    if (!failure || isChoice(failure)) return
    // The description is left out: it may have the time in it.
    const { code, message } = failure
    const key = `${code} ${message}`
    if (told.has(key) || told.size === limit) return
    told.add(key)
    console.warn(`afresh: ${event.type}: ${message}`, event)
  }
}

function failureIn(event: AuthLogEvent): Failure | undefined {
  if ('code' in event) return event
  return event.type === 'session.anonymous' ? event.cause : undefined
}

function isChoice({ code }: Failure): boolean {
  return code === 'interaction_cancelled' || code === 'account_mismatch'
}
