import type { AuditEvent } from 'afresh/server'

/** A decision of the bank's guards, as the page of this demo shows it. It has no token: no decision has one. */
export type Decision = Pick<AuditEvent, 'event' | 'at' | 'reason'>

/** The last decisions. A real backend writes them to its log, and shows them to nobody else. */
export interface Decisions {
  add(event: AuditEvent): void
  /** Those about one person, from a time on (epoch milliseconds), the oldest first. */
  about(sub: string, since: number): readonly Decision[]
}

const kept = 500

/** Starts with none. @param pass is told each one too */
export function createDecisions(pass: (event: AuditEvent) => void = () => {}): Decisions {
  const events: AuditEvent[] = []
  return {
    add(event) {
      events.push(event)
      if (events.length > kept) events.shift()
      pass(event)
    },
    about: (sub, since) =>
      events
        .filter(event => event.sub === sub && event.at > since)
        .map(({ event, at, reason }) => ({ event, at, reason })),
  }
}
