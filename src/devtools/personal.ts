import type { AuthState } from '../core/machine/state.ts'

/** What this page knows of persons. */
export interface Personal {
  /** What names one, and each word of it. */
  readonly names: readonly string[]
  /** What else their claims say. It may be a word that others use too, such as a role. */
  readonly claims: readonly string[]
}

/** Claims that say nothing about the person. */
const impersonal = ['iss', 'aud', 'azp', 'acr', 'amr']

/** Claims that name the person. */
const naming =
  /^(sub|sid|oid|upn|email|picture|profile|website|nickname|unique_name|.*username|(?:\w+_)?name|phone_number)$/

/** All that the state tells of persons: whose session it is, was, or may become. */
export function personalIn({ session, interactions, former, lastShown, remembered }: AuthState): Personal {
  const texts = personsIn([session, interactions, former, lastShown, remembered])
    .flatMap(person => Object.entries(person))
    .filter(([name]) => !impersonal.includes(name))
  const select = (isName: boolean): string[] =>
    texts.flatMap(([claim, value]) => (naming.test(claim) === isName ? textsIn(value) : []))
  return { names: [...new Set(select(true).flatMap(withWords))], claims: [...new Set(select(false))] }
}

/** Accounts and claims, wherever they are: what has a `sub`. */
function personsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  return 'sub' in value ? [value] : Object.values(value).flatMap(personsIn)
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value).trim()]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** A name with its words, and what comes before the `@` of an address. */
function withWords(text: string): string[] {
  const [local = ''] = text.split('@')
  return [text, local, ...text.split(/[\s,;|]+/)].filter(word => word === text || word.length > 2)
}

/** Matches what is personal, in small letters or large; null where nothing is known. */
export function personalPattern({ names, claims }: Personal): RegExp | null {
  const texts = [...names, ...claims.filter(claim => claim.length >= commonLength)]
  const longestFirst = texts.filter(text => text !== '').sort((a, b) => b.length - a.length)
  return longestFirst.length === 0 ? null : new RegExp(longestFirst.map(patternFor).join('|'), 'giu')
}

/** Shorter words are part of many others, as "Tim" is of "time". */
const commonLength = 6

/** Behind no letter or digit, unless that belongs to an escape such as `%20`. */
const wordBegins = '(?<!(?<!%[\\da-f]?)[\\p{L}\\p{N}])'

function patternFor(text: string): string {
  const quoted = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  const isCommon = text.length < commonLength && /^[\p{Script=Latin}\p{N}]+$/u.test(text)
  return isCommon ? `${wordBegins}${quoted}(?![\\p{L}\\p{N}])` : quoted
}
