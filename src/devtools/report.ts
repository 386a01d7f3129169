import { actionText, type Fact, openFacts, sessionFacts, tokenFacts } from './facts.ts'
import { headlineOf } from './headline.ts'
import { pathOf } from './machine-path.ts'
import { optionKinds } from './option-kinds.ts'
import { personalIn } from './personal.ts'
import { createRedact, type Redact } from './redact.ts'
import type { Sight } from './sight.ts'
import { stepUpsOf, stepUpText } from './step-ups.ts'
import { rowsOf } from './timeline-rows.ts'
import { relativeText } from './times.ts'
import { version } from './version.ts'

/** Where the report is made. */
export interface Surroundings {
  /** `navigator.userAgent` */
  readonly browser: string
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * What there is to see, as text for a bug report: without tokens, codes and verifiers, without what names the person, and
 * with no address's query. Every text that is not this package's own is redacted.
 */
export function reportOf(sight: Sight, { browser, at }: Surroundings): string {
  const { state, entries, now, options } = sight
  const redact = createRedact(personalIn(state))
  return [
    `afresh ${version}: ${firstLine(sight, redact)}`,
    `Copied: ${new Date(at).toISOString()}`,
    `Browser: ${browser}`,
    ...section('Session', factLines(sessionFacts(state), now, redact)),
    ...section('Tokens', factLines(tokenFacts(sight), now, redact)),
    ...section('On screen', factLines(openFacts(state), now, redact)),
    ...section('Step-ups', stepUpLines(sight, redact)),
    ...section('Timeline', timelineLines(entries, redact)),
    ...section('Path', pathLines(sight)),
    ...section('Options', options ? factLines(optionKinds(options), now, redact) : []),
    '',
  ].join('\n')
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map(line => `  ${line}`)]
}

/** Who is signed in is not said. */
function firstLine(sight: Sight, redact: Redact): string {
  const { status, tone, what, hint } = headlineOf(sight)
  return tone === 'good' ? status : `${status}. ${redact([what, hint].filter(Boolean).join('. '))}`
}

function factLines(facts: readonly Fact[], now: number, redact: Redact): string[] {
  return facts
    .filter(({ from }) => from !== 'person')
    .map(({ label, value, from }) => {
      if (typeof value === 'number') return `${label}: ${relativeText(value, now)}`
      return `${label}: ${from === 'outside' ? redact(value) : value}`
    })
}

function stepUpLines({ entries }: Sight, redact: Redact): string[] {
  return stepUpsOf(entries).map(line => {
    const parts = [actionText(line.action), stepUpText(line), line.reason]
    return redact(parts.filter(part => part !== null).join(': '))
  })
}

function timelineLines(entries: Sight['entries'], redact: Redact): string[] {
  const start = entries[0]?.at ?? 0
  return rowsOf(entries).map(({ at, type, details, spans }) => {
    const more = [...details.map(redact), ...spans]
    return `${offset(at, start)}  ${type}${more.length > 0 ? `: ${more.join('; ')}` : ''}`
  })
}

function pathLines({ entries }: Sight): string[] {
  const start = entries[0]?.at ?? 0
  return pathOf(entries).map(({ at, session, interactions, event }) => {
    const place = [session, ...interactions].join(' + ')
    return `${offset(at, start)}  ${place}${event === null ? '' : ` by ${event}`}`
  })
}

/** Seconds since the first entry: `+12.340`. */
function offset(at: number, start: number): string {
  return `+${((at - start) / 1000).toFixed(3)}`
}
