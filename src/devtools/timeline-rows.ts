import type { AuthLogEvent } from '../client/log-events.ts'
import { causeOf } from './causes.ts'
import type { Entry } from './entries.ts'
import { spansOf } from './spans.ts'
import { type EventWords, type Kind, reasonWords, wordsOf } from './words.ts'

/** One line of the timeline. */
export interface Row extends EventWords {
  /** Epoch milliseconds. */
  readonly at: number
  /** The log event's type, or what else the entry is. */
  readonly type: string
  /** What else there is to say, reasons first. Errors may quote what they were sent. */
  readonly details: readonly string[]
  /** How long it took. */
  readonly spans: readonly string[]
}

/** The lines of the timeline, the oldest first. The machine's steps are not among them: `pathOf` has those. */
export function rowsOf(entries: readonly Entry[]): Row[] {
  const spans = spansOf(entries)
  return entries.flatMap((entry, index) => {
    const row = rowOf(entry)
    return row ? [{ at: entry.at, ...row, spans: spans[index] ?? [] }] : []
  })
}

function rowOf(entry: Entry): Omit<Row, 'at' | 'spans'> | null {
  switch (entry.type) {
    case 'logged':
      return { type: entry.event.type, ...wordsOf(entry.event), details: detailsOf(entry.event) }
    case 'began': {
      const title = entry.work === 'restore' ? 'It is looked for a session' : 'The tokens are being renewed'
      return { type: `${entry.work} began`, kind: 'session', tone: 'plain', title, details: [] }
    }
    case 'loaded':
      return { type: 'page loaded', kind: 'window', tone: 'plain', title: 'The page was loaded', details: [] }
    case 'step':
      return null
  }
}

function detailsOf(event: AuthLogEvent): string[] {
  const action = 'action' in event && event.action !== undefined ? [`action ${event.action}`] : []
  if ('code' in event) return [causeOf(event).what, ...finality(event), ...action]
  switch (event.type) {
    case 'session.anonymous':
      return event.cause
        ? [event.reason, causeOf(event.cause).what]
        : [reasonWords[event.reason] ?? event.reason]
    case 'prompt.shown':
      return [event.prompt]
    case 'prompt.answered':
      return [`${event.prompt}: ${event.answer}`]
    case 'proof.denied':
    case 'trigger.fired':
      return [event.reason, ...action]
    default:
      return action
  }
}

function finality(event: AuthLogEvent): string[] {
  if (event.type !== 'renewal.failed') return []
  return [event.isFinal ? 'only the person can help' : 'it is tried again']
}

/** What of the timeline is shown. */
export interface Filter {
  /** Looked for in all that a line says, in small letters or large. */
  readonly text: string
  readonly kind: Kind | 'all' | 'failures'
}

/** The lines that fit the filter. */
export function filterRows(rows: readonly Row[], { text, kind }: Filter): Row[] {
  const sought = text.trim().toLowerCase()
  return rows.filter(row => {
    const fits = kind === 'all' || (kind === 'failures' ? row.tone === 'bad' : row.kind === kind)
    return fits && textOf(row).toLowerCase().includes(sought)
  })
}

/** All that a line says. */
function textOf({ type, title, details, spans }: Row): string {
  return [type, title, ...details, ...spans].join('\n')
}
