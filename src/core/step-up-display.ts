import { isRecord } from './claims.ts'

/** What a person approves, in words. It is shown as text, never as HTML. */
export interface StepUpDisplay {
  /** The action and what it is about, such as `Approve 250.00 to Northwind Paper`. At most 120 characters. */
  readonly title: string
  /**
   * Short facts about the action, by name: `{ To: 'Northwind Paper', Amount: '250.00 EUR' }`. At most eight; a name has
   * at most 40 characters, a value at most 120. Default: none.
   */
  readonly facts?: Readonly<Record<string, string>>
}

/** Characters. */
const longest = { title: 120, name: 40, value: 120 }
const mostFacts = 8

/** Line ends and control characters. */
const breaks = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu
/**
 * What changes the order of the characters around it, or is not to be seen: with these a text can look like another one.
 * The joiners stay, and the selector of emoji: Persian and emoji are spelt with them.
 */
const invisible = /(?!\u200c|\u200d|\ufe0f)(?:\p{DI}|[\ufff9-\ufffb])/gu

/**
 * Reads what an app, or a backend, wants to be shown: a text, or a title with facts. Every text becomes one line without
 * invisible characters, and ends in `…` where it is too long; facts after the eighth are left out. Null for anything else,
 * and where nothing is left to be shown.
 */
export function readDisplay(value: unknown): StepUpDisplay | null {
  const { title, facts = {} } = isRecord(value) ? value : { title: value }
  const line = lineOf(title, longest.title)
  if (line === null || !isRecord(facts)) return null
  const lines = Object.entries(facts).map(
    ([name, fact]) => [lineOf(name, longest.name), lineOf(fact, longest.value)] as const,
  )
  const shown = lines.filter((one): one is [string, string] => one.every(text => text !== null))
  return shown.length === 0
    ? { title: line }
    : { title: line, facts: Object.fromEntries(shown.slice(0, mostFacts)) }
}

function lineOf(value: unknown, most: number): string | null {
  if (typeof value !== 'string') return null
  const line = value
    .replace(invisible, '')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(breaks, ' ')
    .trim()
  if (line === '') return null
  const characters = [...line]
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line
}
